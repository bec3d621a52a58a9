#include "tests/tools/shell.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace rondo::test {

namespace {

std::string slurp(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

}  // namespace

const char* const brusselator =
    "model brusselator\n"
    "  R1:  -> X;           a\n"
    "  R2:  2 X + Y -> 3 X; X^2*Y\n"
    "  R3:  X -> Y;         b*X\n"
    "  R4:  X -> ;          X\n"
    "  a = 1;  b = 3;  X = 10;  Y = 10\n"
    "end\n";

Folder::Folder() {
    auto name = (std::filesystem::temp_directory_path() / "rondo-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
}

Folder::~Folder() {
    std::error_code none;
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all, none);
    std::filesystem::remove_all(path_, none);
}

std::filesystem::path Folder::write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << content;
    return path_ / name;
}

std::string Folder::read(const std::string& name) const {
    return slurp(path_ / name);
}

bool Folder::has(const std::string& name) const {
    return std::filesystem::exists(path_ / name);
}

std::size_t Folder::count() const {
    std::size_t entries = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(path_)) ++entries;
    return entries;
}

Ran Folder::rondo(const std::string& arguments, const std::string& prefix) const {
    const auto capture = path_.string() + ".out", complaints = path_.string() + ".err";
    const std::string command = "cd '" + path_.string() + "' && (" + prefix + " '" RONDO_PROGRAM "' " +
                                arguments + ") >'" + capture + "' 2>'" + complaints + "' </dev/null";
    const int status = std::system(command.c_str());
    Ran ran{WIFEXITED(status) ? WEXITSTATUS(status) : -1, slurp(capture), slurp(complaints)};
    std::filesystem::remove(capture);
    std::filesystem::remove(complaints);
    return ran;
}

}  // namespace rondo::test
