// environment.cpp: where a study's files are.
#include "runtime/study/mistake.h"
#include "runtime/study/verb.h"

namespace rondo {

namespace fs = std::filesystem;

namespace {

// Names of what is in a folder; none if it cannot be read.
std::vector<std::string> entries(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        names.push_back(entry.path().filename().string());
    return names;
}

[[noreturn]] void fail_missing(const std::string& name, const std::vector<fs::path>& folders) {
    std::vector<std::string> near;
    std::vector<std::string> shown;
    for (const auto& folder : folders) {
        const auto parent = (folder / name).parent_path();
        for (const auto& found : entries(parent)) near.push_back(found);
        shown.push_back(parent.empty() ? "." : parent.string());
    }
    std::string help = did_you_mean(fs::path(name).filename().string(), near);
    if (help.empty()) help = "looked in " + joined(shown);
    throw Mistake("there is no file '" + name + "'", help);
}

}  // namespace

fs::path Environment::input(const std::string& name) const {
    if (name.empty()) throw Mistake("a file's name is empty");
    std::vector<fs::path> folders = {study_folder, stdlib};
    if (fs::path(name).is_absolute()) folders = {fs::path()};
    std::error_code error;
    for (const auto& folder : folders)
        if (fs::exists(folder / name, error)) return folder / name;
    fail_missing(name, folders);
}

fs::path Environment::output(const std::string& name) const {
    if (name.empty()) throw Mistake("a file's name is empty");
    return output_folder / name;  // an absolute name stays itself
}

}  // namespace rondo
