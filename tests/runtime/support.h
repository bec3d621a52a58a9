// support.h: what tests of the runtime's rooms share.
#pragma once
#include <unistd.h>

#include <filesystem>
#include <string>

#include "dsl/syntax/error.h"

namespace rondo {

// The message of the Error that `action` throws; "" if it throws none.
template <class Action>
std::string message_of(Action action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

// A folder of its own for one test, gone afterwards.
class TestFolder {
  public:
    TestFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "rondo-test-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    TestFolder(const TestFolder&) = delete;
    ~TestFolder() { std::filesystem::remove_all(path_); }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

// While it lives, this process may not do more than any user may, even if started by root: permissions count.
class AnyUser {
  public:
    AnyUser() : was_(geteuid()) {
        if (was_ == 0) changed_ = seteuid(nobody) == 0;
    }
    AnyUser(const AnyUser&) = delete;
    ~AnyUser() {
        if (changed_ && seteuid(was_) != 0) std::abort();
    }

  private:
    static constexpr uid_t nobody = 65534;
    uid_t was_;
    bool changed_ = false;
};

}  // namespace rondo
