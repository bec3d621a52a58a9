// evaluate.h: runs a study, statement by statement.
#pragma once
#include <memory>
#include <string>

#include "runtime/study/verb.h"

namespace rondo {

// Makes the value that `model ... end` and `import` bind, given by whoever knows models.
using MakeModel = std::function<Value(Network, Environment&)>;

// The rules of design.md, section 2.2. Errors are thrown as Error with place and call chain.
class Evaluator {
  public:
    Evaluator(Environment& environment, Verbs verbs, MakeModel make_model);
    ~Evaluator();
    // A whole study. Throws at once all that can be said against it without running it (check_study).
    void run(std::uint32_t file);
    Value evaluate(
        std::uint32_t file);  // further statements in the same session (repl); the last one's value
    const Value* find(std::string_view name) const;  // a top-level binding

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// Errors that can be seen without running: parse errors, names never bound, unknown named arguments of known
// functions.
void check_study(std::uint32_t file, const Verbs& verbs, Environment&, Diagnostics&);

}  // namespace rondo
