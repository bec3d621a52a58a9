// shell.h: runs the program in a folder of its own, as a user would.
#pragma once
#include <filesystem>
#include <string>

namespace rondo::test {

struct Ran {
    int status = 0;
    std::string out, err;
};

// An empty folder for the life of one test.
class Folder {
  public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    std::filesystem::path write(const std::string& name, const std::string& content) const;
    std::string read(const std::string& name) const;
    bool has(const std::string& name) const;
    std::size_t count() const;  // entries in it
    // `rondo ARGUMENTS` (as for a shell) run in this folder. `prefix` comes before the program, e.g. "ulimit
    // -f 8; ".
    Ran rondo(const std::string& arguments, const std::string& prefix = "") const;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

extern const char* const brusselator;  // the model of the README

}  // namespace rondo::test
