// network_text.h: what the tests of sbml/ share.
#pragma once
#include <string>
#include <string_view>

#include "dsl/model/network.h"
#include "sbml/sbml.h"

namespace rondo {

// Everything in a network but its spans, one fact a line: equal text, equal network.
std::string describe(const Network& network);
std::string describe(const Math& math);

struct Read {
    Network network;
    std::string messages;  // rendered, as `m.xml:...`
    bool errors = false;
    int unsupported = 0;
    std::vector<Diagnostic> list;
};

// `name` is what messages call the text, and where files that it names are looked for.
Read read(std::string_view text, const std::string& name = "m.xml");

// libSBML's errors in full consistency, units aside (a Network has none).
std::string errors_of_libsbml(const std::string& xml);

// A Level 3 Version 2 document around the content of <model>.
std::string document(std::string_view content);
// The same with the parameters x, y, k, one assignment rule of x, and this as its formula.
std::string formula(std::string_view mathml);

}  // namespace rondo
