// sbml.h: SBML to Network and back. The only folder that sees libSBML.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "dsl/model/network.h"
#include "dsl/syntax/diagnostic.h"

namespace rondo {

// Whether a text is SBML rather than Antimony, by its content.
bool looks_like_sbml(std::string_view text);

// The network of file `file` of diagnostics.sources(). Spans point at the element's line. libSBML's own
// findings are reported with its id and line; constructs Rondo does not do are `unsupported`, by name.
Network read_sbml(std::uint32_t file, Diagnostics& diagnostics);

// As SBML Level 3 Version 2 core (with `distrib` where random numbers are drawn); libSBML's consistency check finds no error in it if `check` finds none in
// the network and no value is subnormal (libSBML calls such attributes mistyped). Doubles keep every bit.
std::string to_sbml(const Network&);

std::string libsbml_version();

}  // namespace rondo
