// Model text through every pass, and back: what was read without errors prints as text that reads without
// errors.
#include <cstdio>
#include <cstdlib>

#include "dsl/model/print.h"
#include "dsl/model/resolve.h"
#include "dsl/syntax/parse.h"
#include "fuzz.h"

namespace {

void fail(const char* what, const std::string& text) {
    std::fprintf(stderr, "%s:\n%s\n", what, text.c_str());
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace rondo;
    Sources sources;
    Diagnostics diagnostics(sources);
    const auto file = sources.add("fuzz.ant", std::string(reinterpret_cast<const char*>(data), size));
    const ModelFile tree = parse_models(file, diagnostics);
    dump(tree);
    const Network network = resolve(tree, diagnostics);
    check(network, diagnostics);
    diagnostics.render();
    dump(network);
    const std::string printed = to_antimony(network);
    if (diagnostics.has_errors()) return 0;
    const auto again = sources.add("again.ant", printed);
    const Network second = resolve(parse_models(again, diagnostics), diagnostics);
    if (diagnostics.has_errors()) fail("does not read back", printed + diagnostics.render());
    if (to_antimony(second) != printed) fail("reads back otherwise", printed + to_antimony(second));
    return 0;
}
