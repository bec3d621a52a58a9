// check.h: what can be said against a study without running it.
#pragma once
#include "dsl/syntax/tree.h"
#include "runtime/study/verb.h"

namespace rondo {

// Names bound nowhere or too late, arguments that verbs and functions of the file do not take, models that
// make no sense, files of `use` and `import` that are missing. `study` has been parsed without errors.
void check_statements(const StudyFile& study, const Verbs&, Environment&, Diagnostics&);

}  // namespace rondo
