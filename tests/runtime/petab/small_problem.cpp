#include "tests/runtime/petab/small_problem.h"

#include <algorithm>

#include "runtime/api/models.h"
#include "runtime/petab/petab.h"
#include "runtime/table/file.h"

namespace rondo::test {
namespace {

std::string with_tabs(std::string text) {
    std::ranges::replace(text, '|', '\t');
    return text;
}

}  // namespace

LikelihoodProblem read(const SmallProblem& problem) {
    const TestFolder folder;
    write_file(folder / "problem.yaml", problem.yaml);
    write_file(folder / "m.xml", problem.model);
    write_file(folder / "p.tsv", with_tabs(problem.parameters));
    write_file(folder / "c.tsv", with_tabs(problem.conditions));
    write_file(folder / "o.tsv", with_tabs(problem.observables));
    write_file(folder / "d.tsv", with_tabs(problem.data));
    Sources sources;
    Diagnostics diagnostics(sources);
    try {
        LikelihoodProblem result = read_petab(folder / "problem.yaml", load_network, diagnostics);
        diagnostics.throw_if_errors();
        return result;
    } catch (const Error& error) {
        std::string text = error.what();
        const std::string path = folder.path().string() + "/";
        for (auto at = text.find(path); at != text.npos; at = text.find(path)) text.erase(at, path.size());
        throw Error(error.fault(), text);
    }
}

std::string complaint(const SmallProblem& problem) {
    return message_of([&] { read(problem); });
}

}  // namespace rondo::test
