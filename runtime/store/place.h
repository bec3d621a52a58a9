// place.h: the file of a store among its neighbours: who may touch it now, and where damaged ones go. Of this
// room alone.
#pragma once
#include <cstdint>
#include <filesystem>

namespace rondo {

std::filesystem::path folder_of(const std::filesystem::path& file);

// Held while a store is opened, checked or set aside, so that two processes never do so at once: a lock on
// the folder, which leaves no file behind. Where the file system has none, there is none. Throws
// std::filesystem::filesystem_error if another process holds it for half a minute.
class FolderLock {
  public:
    explicit FolderLock(const std::filesystem::path& folder);
    FolderLock(const FolderLock&) = delete;
    ~FolderLock();

  private:
    int number_;
};

// Whether the folder is on a file system shared by machines, where a write-ahead log would lose data.
bool on_network(const std::filesystem::path& folder);

// Which file a path names at the moment; of none: {0, 0}.
struct FileNumber {
    std::uint64_t device = 0, inode = 0;
    bool operator==(const FileNumber&) const = default;
};
FileNumber file_number(const std::filesystem::path& file);

// Renames `file` and SQLite's files beside it to the first free FILE.damaged-N; returns that. Throws
// std::filesystem::filesystem_error.
std::filesystem::path set_aside(const std::filesystem::path& file);

}  // namespace rondo
