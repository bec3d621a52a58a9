// lang_test.cpp: runs one study and compares what it says with the expectations written in it:
//
//   print(7 / 2)       // expect: 3.5                   a line of output; in order, wherever they stand
//   x = y + 1          // error: unknown name 'y'       on this line; also `error 2:5: ...`, `error
//   f.rondo:2:5: ...` xs = f(1)          // warning: ...                  likewise; so are notes
//   // help: did you mean 'x'?                          of any error or warning
//   // trace: called from 7:1 in 'f'                    a line of the call chain
//   // unplaced: 1 of 2 runs failed...                  a remark or an error that has no place
//   // status: 4                                        of the whole run; left out: 1 if an error is
//   expected, else 0
//   // set: n=5                                         as --set
//
// "text..." matches any ending. In a page of documentation (.md), the blocks marked `rondo` are one study.
//
// Nothing more may be said than is expected.
#include <filesystem>
#include <iostream>
#include <optional>
#include <regex>
#include <sstream>

#include "runtime/api/models.h"
#include "runtime/study/evaluate.h"
#include "runtime/study/objects.h"
#include "runtime/table/file.h"

namespace rondo {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

struct Expected {
    Lines output, said;  // said: errors, warnings, notes as "error 2:5: text"; column 0 if it is not given
    Lines help, trace;
    std::vector<std::pair<std::string, std::string>> settings;
    std::optional<int> status;
};

Lines split(const std::string& text) {
    Lines lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

void read_said(const std::string& line, int number, Expected& expected) {
    static const std::regex form(R"(// (error|warning|note|unsupported|unplaced)( [^ ]*\d+:\d+)?: (.*)$)");
    std::smatch match;
    if (!std::regex_search(line, match, form)) return;
    const std::string place = match[2].matched ? match[2].str().substr(1) : std::to_string(number) + ":*";
    const bool placed = match[1] != "unplaced";
    expected.said.push_back(placed ? match[1].str() + " " + place + ": " + match[3].str()
                                   : "unplaced: " + match[3].str());
}

std::optional<std::string> marked(const std::string& line, const std::string& mark) {
    const auto at = line.find("// " + mark + ":");
    if (at == std::string::npos) return std::nullopt;
    const auto text = at + mark.size() + 4;
    return text < line.size() ? line.substr(text + 1) : "";
}

Expected read_expected(const std::string& study) {
    Expected expected;
    int number = 0;
    for (const auto& line : split(study)) {
        read_said(line, ++number, expected);
        if (auto text = marked(line, "expect")) expected.output.push_back(*text);
        if (auto text = marked(line, "help")) expected.help.push_back(*text);
        if (auto text = marked(line, "trace")) expected.trace.push_back(*text);
        if (auto text = marked(line, "status")) expected.status = std::stoi(*text);
        if (auto text = marked(line, "set"))
            expected.settings.emplace_back(text->substr(0, text->find('=')),
                                           text->substr(text->find('=') + 1));
    }
    return expected;
}

struct Said {
    Lines output, said, help, trace;
    int status = 0;
};

// Diagnostics as they were shown; `name` is the study's own, which the expectations leave out.
void read_shown(const std::string& text, const std::string& name, Said& said) {
    static const std::regex placed(R"(^(.*?):?(\d+:\d+): (error|warning|note|unsupported): (.*)$)");
    static const std::regex trace(R"(^  ((?:called|used|imported) from .*|\.\.\. .*)$)");
    std::smatch match;
    bool understood = false;
    for (auto line : split(text)) {
        if (std::regex_match(line, match, placed)) {
            const std::string file =
                match[1] == name ? "" : fs::path(match[1].str()).filename().string() + ":";
            said.said.push_back(match[3].str() + " " + file + match[2].str() + ": " + match[4].str());
            understood = true;
        } else if (line.starts_with("  help: ")) {
            said.help.push_back(line.substr(8));
        } else if (std::regex_match(line, match, trace)) {
            std::string call = match[1];
            if (const auto at = call.find(name + ":"); at != std::string::npos)
                call.erase(at, name.size() + 1);
            said.trace.push_back(call);
        } else if (!understood) {
            said.said.push_back("unplaced: " + line);
        }
    }
}

Value make_model(Network network, Environment&) {
    return make_object(ModelValue(Model(std::move(network))));
}

Said run(const fs::path& path, const std::string& study, const Expected& expected) {
    Said said;
    const std::string name = path.filename().string();
    Executor executor(2);
    Store store;
    Sources sources;
    std::ostringstream out;
    Environment environment{.executor = executor,
                            .store = store,
                            .out = out,
                            .warn = [&](const std::string& text) { read_shown(text, name, said); },
                            .study_folder = path.parent_path() / "files",
                            .stdlib = fs::path(PROJECT_SOURCE) / "stdlib",
                            .output_folder = fs::temp_directory_path(),
                            .load_model = load_network,
                            .sources = sources,
                            .settings = expected.settings};
    Evaluator evaluator(environment, all_verbs(), make_model);
    try {
        evaluator.run(sources.add(name, study));
    } catch (const Error& error) {
        read_shown(error.what(), name, said);
        said.status = static_cast<int>(error.fault());
    }
    said.output = split(out.str());
    return said;
}

std::string joined(const Lines& lines) {
    std::string text;
    for (const auto& line : lines) text += "\n    " + line;
    return text;
}

// "error 3:*: text" matches any column, "text..." any ending.
bool matches(const std::string& expected, std::string said) {
    const auto any = expected.find(":*:");
    const auto end = said.find(": ");
    if (any != std::string::npos && any < end && end != std::string::npos) said.replace(any, end - any, ":*");
    if (!expected.ends_with("...")) return expected == said;
    return said.starts_with(expected.substr(0, expected.size() - 3));
}

class Comparison {
  public:
    void ordered(const std::string& what, const Lines& expected, const Lines& said) {
        if (expected != said) complain(what, joined(expected), joined(said));
    }

    void unordered(const std::string& what, Lines expected, const Lines& said) {
        for (const auto& line : said) {
            const auto found = std::find_if(expected.begin(), expected.end(),
                                            [&](const auto& e) { return matches(e, line); });
            if (found == expected.end()) {
                complain(what, "(nothing like it)", line);
            } else {
                expected.erase(found);
            }
        }
        for (const auto& line : expected) complain(what, line, "(nothing)");
    }

    void among(const std::string& what, const Lines& expected, const Lines& said) {
        for (const auto& line : expected)
            if (std::find(said.begin(), said.end(), line) == said.end())
                complain(what, line, "(not among the others)");
    }

    void complain(const std::string& what, const std::string& expected, const std::string& said) {
        std::cout << what << "\n  expected: " << expected << "\n  said:     " << said << "\n";
        good = false;
    }

    bool good = true;
};

// The study in a page of documentation: its blocks marked `rondo`, each line where it was.
std::string only_code(const std::string& page) {
    std::string code;
    bool inside = false;
    for (const auto& line : split(page)) {
        const bool fence = line.starts_with("```");
        if (fence) inside = line == "```rondo";
        code += (inside && !fence ? line : "") + "\n";
    }
    return code;
}

int test(const fs::path& path) {
    const std::string text = read_file(path);
    const std::string study = path.extension() == ".md" ? only_code(text) : text;
    const Expected expected = read_expected(study);
    const Said said = run(path, study, expected);
    const bool fails = std::any_of(expected.said.begin(), expected.said.end(),
                                   [](const auto& line) { return line.starts_with("error"); });
    Comparison comparison;
    comparison.ordered("output", expected.output, said.output);
    comparison.unordered("diagnostics", expected.said, said.said);
    comparison.among("help", expected.help, said.help);
    comparison.among("call chain", expected.trace, said.trace);
    const int status = expected.status.value_or(fails ? 1 : 0);
    if (status != said.status)
        comparison.complain("status", std::to_string(status), std::to_string(said.status));
    return comparison.good ? 0 : 1;
}

}  // namespace
}  // namespace rondo

int main(int argc, char** argv) {
    return argc == 2 ? rondo::test(argv[1]) : 2;
}
