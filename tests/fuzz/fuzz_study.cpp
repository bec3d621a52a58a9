// Study text to its tree.
#include "dsl/syntax/parse.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace rondo;
    Sources sources;
    Diagnostics diagnostics(sources);
    const auto file = sources.add("fuzz.rondo", std::string(reinterpret_cast<const char*>(data), size));
    dump(parse_study(file, diagnostics));
    diagnostics.render();
    return 0;
}
