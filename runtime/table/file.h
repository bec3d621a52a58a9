// file.h: whole files in and out, so that nothing on disk is lost or half-written.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace rondo {

// Throws Error(input) with the path, the reason and the way out: missing (with a near name in the same
// folder), a directory, unreadable.
std::string read_file(const std::filesystem::path& file);
// As read_file, and unpacks files whose content is gzip.
std::string read_file_unpacked(const std::filesystem::path& file);

// A file made piece by piece: written beside, flushed, then renamed by finish(): the old file stays whole
// until the new one is, and its permissions pass on; without finish() nothing is left of the new one. Makes
// missing folders. What is no plain file (/dev/stdout, a pipe) is written to as it is; a link is followed.
// All throw Error(input) with path and reason (no permission, disk full).
class FileWriter {
  public:
    explicit FileWriter(const std::filesystem::path& file);
    ~FileWriter();
    void add(std::string_view content);
    // What is written to until finish(), for libraries that open files by name; empty for what is no plain
    // file.
    const std::filesystem::path& place() const;
    void finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// All at once.
void write_file(const std::filesystem::path& file, std::string_view content);

// The system's words for an errno, in the style of our messages: "no space left on device".
std::string system_reason(int code);

}  // namespace rondo
