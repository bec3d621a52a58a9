// syntax.h: questions about trees that need no values: which names they use, and what they say, spans aside.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "dsl/syntax/tree.h"
#include "runtime/store/store.h"

namespace rondo {

// Names that `tree` reads and does not bind itself, in order of first use; names it calls included.
std::vector<std::string> free_names(const FunctionTree& tree);

// Names that the statements bind, loops and branches included, nested functions not.
void collect_bound(const Block&, std::set<std::string>& names);

// What the function says: equal for two functions that differ in layout and comments alone.
void identify(const FunctionTree&, Identity&);

}  // namespace rondo
