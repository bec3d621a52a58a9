// SBML text through the reader, the checks and back: what was read without errors is written, and reads as
// the same again.
#include <cstdio>
#include <cstdlib>

#include "dsl/model/resolve.h"
#include "fuzz.h"
#include "sbml/sbml.h"

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
    const auto file = sources.add("fuzz.xml", std::string(reinterpret_cast<const char*>(data), size));
    const Network network = read_sbml(file, diagnostics);
    diagnostics.render();
    if (diagnostics.has_errors()) return 0;
    check(network, diagnostics);
    if (diagnostics.has_errors()) return 0;
    const std::string once = to_sbml(network);
    const Network back = read_sbml(sources.add("again.xml", once), diagnostics);
    if (diagnostics.has_errors()) fail("does not read back", once + diagnostics.render());
    if (back.species.size() != network.species.size() || back.rules.size() != network.rules.size() ||
        back.reactions.size() != network.reactions.size() || back.events.size() != network.events.size())
        fail("reads back otherwise", once);
    return 0;
}
