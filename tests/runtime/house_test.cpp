// The house (design.md, section 3): which folder may include which, and that each third-party library enters
// at its one door. Read from the #include lines of the tree; what a header of ours includes counts for all
// who include it, so no public header can show a third party's. And that no two types share a name.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "runtime/table/file.h"

namespace rondo {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

// By path from the project's root: the include lines, as "dsl/syntax/error.h" or <zlib.h>.
using Tree = std::map<std::string, Texts>;

struct Folder {
    std::string begin;
    Texts knows;
};
// The first that a path begins with counts.
const std::vector<Folder> folders{
    {"dsl/", {"dsl/"}},
    {"sbml/", {"sbml/", "dsl/"}},
    {"jit/", {"jit/", "dsl/"}},
    {"runtime/api/", {"runtime/", "jit/", "sbml/", "dsl/"}},
    {"runtime/", {"runtime/", "jit/", "dsl/"}},
    {"tools/", {"tools/", "runtime/", "dsl/"}},
};

struct Door {
    std::string header;  // how it begins
    Texts rooms;
};
const std::vector<Door> doors{
    {"<llvm", {"jit/"}},
    {"<sbml/", {"sbml/"}},
    {"<cvodes/", {"runtime/integrate/"}},
    {"<sundials/", {"runtime/integrate/"}},
    {"<nvector/", {"runtime/integrate/"}},
    {"<sunmatrix/", {"runtime/integrate/"}},
    {"<sunlinsol/", {"runtime/integrate/"}},
    {"<klu.h>", {"runtime/integrate/"}},
    {"<sunnonlinsol/", {"runtime/integrate/"}},
    {"<yaml-cpp/", {"runtime/petab/files.cpp"}},
    {"<Clp", {"runtime/balance/"}},
    {"<Coin", {"runtime/balance/"}},
    {"<sqlite3.h>", {"runtime/store/"}},
    {"<openssl/", {"runtime/store/"}},
    {"<mpi.h>", {"runtime/parallel/mpi_plugin."}},
    {"<hdf5.h>", {"runtime/table/hdf5_plugin."}},
    {"<zlib.h>", {"runtime/table/", "runtime/surrogate/format.cpp"}},
    {"<boost/random/", {"runtime/sample/"}},
    {"<nanoflann.hpp>", {"runtime/sample/neighbours.cpp"}},
    {"<torch/", {"runtime/surrogate/torch_"}},
    {"<ATen/", {"runtime/surrogate/torch_"}},
    {"<c10/", {"runtime/surrogate/torch_"}},
    {"<unsupported/Eigen/", {"runtime/label/", "runtime/spectral/"}},
    {"<Eigen/",
     {"runtime/surrogate/", "runtime/label/", "runtime/integrate/", "runtime/orbit/", "runtime/steady/",
      "runtime/estimate/", "runtime/stability/"}},
    {"<nlohmann/", {"runtime/report/", "runtime/api/", "tools/"}},
    {"<CLI/", {"tools/"}},
};
// The operating system's, for all but dsl.
const Texts system_headers{"<sys/",     "<linux/",   "<unistd.h>", "<fcntl.h>",
                           "<sched.h>", "<dlfcn.h>", "<signal.h>", "<termios.h>"};

bool begins_with_one(const std::string& text, const Texts& beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&](const std::string& b) { return text.starts_with(b); });
}

bool is_standard(const std::string& header) {
    return header.find_first_of("./") == header.npos;
}

// Why `file` may not include `header`; empty if it may.
std::string objection(const std::string& file, const std::string& header) {
    const auto folder = std::find_if(folders.begin(), folders.end(),
                                     [&](const Folder& f) { return file.starts_with(f.begin); });
    if (header[0] != '<') {
        return begins_with_one(header, folder->knows) ? "" : folder->begin + " does not know it";
    }
    if (is_standard(header)) return "";
    if (folder->begin == "dsl/") return "dsl/ knows the standard library alone";
    if (begins_with_one(header, system_headers)) return "";
    for (const auto& door : doors) {
        if (!header.starts_with(door.header)) continue;
        return begins_with_one(file, door.rooms) ? "" : "its door is " + door.rooms[0];
    }
    return "it has no door; give it one in house_test.cpp and say so in design.md";
}

// All that `file` includes, through our own headers too.
void add_reached(const Tree& tree, const std::string& file, std::set<std::string>& reached) {
    const auto found = tree.find(file);
    if (found == tree.end()) return;
    for (const auto& header : found->second) {
        if (reached.insert(header).second) add_reached(tree, header, reached);
    }
}

Texts violations(const Tree& tree) {
    Texts result;
    for (const auto& [file, direct] : tree) {
        std::set<std::string> reached;
        add_reached(tree, file, reached);
        for (const auto& header : reached) {
            const bool is_direct = std::find(direct.begin(), direct.end(), header) != direct.end();
            if (header[0] != '<' && !is_direct) continue;  // counted where it is included
            const std::string why = objection(file, header);
            if (!why.empty()) {
                result.push_back(file + (is_direct ? " includes " : " reaches ") + header + ": " + why);
            }
        }
    }
    return result;
}

Texts includes(const std::string& text) {
    Texts result;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string word, header;
        if (!(words >> word >> header) || word != "#include" || header.size() < 3) continue;
        result.push_back(header[0] == '"' ? header.substr(1, header.rfind('"') - 1) : header);
    }
    return result;
}

// The types that the text defines at the top level of a namespace with a name, with that name before them.
Texts types(const std::string& text) {
    Texts result;
    std::string space;
    bool hidden = false;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line == "namespace {") hidden = true;
        if (line == "}  // namespace") hidden = false;
        std::istringstream words(line);
        std::string word, name;
        words >> word >> name;
        if (word == "namespace" && name != "{") space = name;
        if (hidden || line.starts_with(' ') || line.ends_with(';')) continue;
        if (word == "enum") words >> name;
        if (word != "class" && word != "struct" && word != "enum") continue;
        name = name.substr(0, name.find('<'));
        if (!name.empty() && name.find(':') == name.npos) result.push_back(space + "::" + name);
    }
    return result;
}

// Of what `read` makes of each of our own files.
Tree read_tree(const fs::path& root, Texts (*read)(const std::string&)) {
    const std::set<std::string> kinds{".h", ".cpp", ".cu", ".cuh"};
    Tree tree;
    for (const auto folder : {"dsl", "sbml", "jit", "runtime", "tools"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            if (!kinds.contains(entry.path().extension().string())) continue;
            tree[fs::relative(entry.path(), root).string()] = read(read_file(entry.path()));
        }
    }
    return tree;
}

// One program may hold both: then the linker keeps one's functions for the other.
Texts namesakes(const Tree& tree) {
    std::map<std::string, std::string> home;
    Texts result;
    for (const auto& [file, defined] : tree) {
        for (const auto& type : defined) {
            const auto [place, is_new] = home.emplace(type, file);
            if (!is_new) result.push_back(type + ": " + place->second + ", " + file);
        }
    }
    return result;
}

std::string lines(const Texts& texts) {
    std::string result;
    for (const auto& text : texts) result += text + "\n";
    return result;
}

TEST(House, EveryIncludeGoesTheRightWay) {
    const Tree tree = read_tree(PROJECT_SOURCE, includes);
    EXPECT_GT(tree.size(), 30u);
    EXPECT_EQ(lines(violations(tree)), "");
}

TEST(House, OwnHeadersAreThere) {
    const fs::path root = PROJECT_SOURCE;
    for (const auto& [file, headers] : read_tree(root, includes)) {
        for (const auto& header : headers) {
            EXPECT_TRUE(header[0] == '<' || fs::exists(root / header))
                << file << " includes " << header << ", which is not there by that path from the root";
        }
    }
}

TEST(House, NoTwoTypesShareAName) {
    const Tree tree = read_tree(PROJECT_SOURCE, types);
    EXPECT_GT(tree.size(), 30u);
    EXPECT_EQ(lines(namesakes(tree)), "");
}

TEST(House, NamesakesAreSeen) {
    const std::string
        a = "namespace rondo {\n\nstruct Rest {\n    struct Part {};\n};\nclass Other;\nenum class Kind : "
            "int {\n",
        b = "namespace rondo {\nnamespace {\nclass Kind {\n}  // namespace\nclass Rest final : A {\n",
        c = "namespace rondo::plugin {\nstruct Rest {\nstruct Owner::Rest {\n";
    EXPECT_EQ(lines(types(a)), "rondo::Rest\nrondo::Kind\n");
    EXPECT_EQ(lines(types(c)), "rondo::plugin::Rest\n");
    const Tree tree{{"a.h", types(a)}, {"b.h", types(b)}, {"c.h", types(c)}};
    EXPECT_EQ(lines(namesakes(tree)), "rondo::Rest: a.h, b.h\n");
}

TEST(House, WrongWaysAreSeen) {
    const Tree tree{
        {"dsl/a.h", {"<vector>", "<unistd.h>", "jit/graph/graph.h"}},
        {"jit/graph/graph.h", {"dsl/a.h"}},
        {"sbml/b.cpp", {"<sbml/SBMLTypes.h>", "jit/graph/graph.h"}},
        {"runtime/label/c.cpp", {"sbml/sbml.h", "<sqlite3.h>", "<fmt/core.h>"}},
        {"runtime/store/sqlite.h", {"<sqlite3.h>"}},
        {"runtime/store/store.h", {"runtime/store/sqlite.h"}},
        {"runtime/study/d.cpp", {"runtime/store/store.h"}},
        {"runtime/api/e.cpp", {"sbml/sbml.h"}},
        {"runtime/surrogate/f.cpp", {"<torch/torch.h>", "<Eigen/Dense>"}},
        {"tools/g.cpp", {"jit/compile.h", "<CLI/CLI.hpp>"}},
    };
    EXPECT_EQ(
        lines(violations(tree)),
        "dsl/a.h includes <unistd.h>: dsl/ knows the standard library alone\n"
        "dsl/a.h includes jit/graph/graph.h: dsl/ does not know it\n"
        "runtime/label/c.cpp includes <fmt/core.h>: it has no door; give it one in house_test.cpp and say so "
        "in design.md\n"
        "runtime/label/c.cpp includes <sqlite3.h>: its door is runtime/store/\n"
        "runtime/label/c.cpp includes sbml/sbml.h: runtime/ does not know it\n"
        "runtime/study/d.cpp reaches <sqlite3.h>: its door is runtime/store/\n"
        "runtime/surrogate/f.cpp includes <torch/torch.h>: its door is runtime/surrogate/torch_\n"
        "sbml/b.cpp includes jit/graph/graph.h: sbml/ does not know it\n"
        "tools/g.cpp includes jit/compile.h: tools/ does not know it\n");
}

}  // namespace
}  // namespace rondo
