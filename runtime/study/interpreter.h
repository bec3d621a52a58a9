// interpreter.h: the evaluator's inside: frames, scopes, and a function for each form of the tree.
//   interpreter.cpp  names, frames, places of errors     statements.cpp  statements
//   expressions.cpp  expressions                         calls.cpp       functions, verbs, objects
//   modules.cpp      use, import, model, --set          traced.cpp      ways and loops that formulas decide
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "runtime/study/evaluate.h"
#include "runtime/study/formula.h"
#include "runtime/study/mistake.h"
#include "runtime/study/scope.h"

namespace rondo {

class Interpreter {
  public:
    Interpreter(Environment& environment, Verbs verbs, MakeModel make_model);
    void run(std::uint32_t file);
    Value evaluate(std::uint32_t file);
    const Value* find(std::string_view name) const { return main_.find(name); }

  private:
    enum class Flow { next, returned };
    using Locals = std::map<std::string, Value, std::less<>>;

    // A file's top level or a function at work; `outer` is whoever used or called it, from `from`.
    struct Frame {
        Frame* outer;
        Span from;
        const FileScope* scope;                  // top-level names in sight
        FileScope* top = nullptr;                // the same where this is a top level, else null
        const FunctionTree* function = nullptr;  // null at a top level
        Locals locals = {};
        Value result = {};
        // Of a function called with formulas: what must hold for the statement at hand to be reached, nothing
        // if it always is; and what was returned under which conditions, first come first served.
        Value path = {};
        std::vector<std::pair<Value, Value>> returned = {};
    };
    class Entered;  // makes a frame the current one for a while

    // interpreter.cpp
    const Value* look_up(const std::string& name) const;
    void bind(const std::string& name, Value value, Span span);
    std::vector<std::string> names_in_sight() const;
    [[noreturn]] void fail_unknown(const std::string& name, Span use) const;
    std::string trace() const;
    Span origin(Span here) const;
    [[noreturn]] void fail(Fault fault, Span span, std::string message, const std::string& help) const;
    // Runs `body`; gives what it throws the place `span` and the calls that led there, unless it has them.
    template <class Body>
    auto at(Span span, Body body) const;

    // statements.cpp
    Flow execute(const Block&);
    Flow execute(const Statement&);
    Flow execute_if(const Statement&);
    Flow execute_while(const Statement&);
    Flow execute_for(const Statement&);
    void execute_bind(const Statement&);
    std::string key_of(const Expr&);
    void execute_assert(const Statement&);
    Function make_function(std::shared_ptr<const FunctionTree>);
    bool condition(const Expr&, std::string_view what);

    // expressions.cpp
    Value evaluate(const Expr&);
    Value evaluate_string(const Expr&);
    Value evaluate_name(const Expr&);
    Value evaluate_binary(const Expr&);
    Value evaluate_logic(const Expr&);
    Value evaluate_range(const Expr&);
    Value evaluate_record(const Expr&);
    Value evaluate_with(const Expr&);

    // calls.cpp
    Value evaluate_call(const Expr&);
    std::vector<Call::Given> evaluate_arguments(const std::vector<Argument>&);
    Call make_call(std::string name, Span span, std::vector<Call::Given> given);
    const Verb* find_verb(const std::string& name);
    Value call_value(const Value& callee, Call&);
    Value call_function(const Function&, Call&);
    Value call_verb(const Verb&, Call&);
    void note_seed(const Verb&, const Call&);
    void check_depth() const;

    // traced.cpp
    Flow trace_if(const Statement&, std::size_t branch, const Value& condition);
    Flow execute_branches(const Statement&, std::size_t from);
    Flow follow(const Value& path, const std::function<Flow()>& body, Locals& after);
    Locals merge(const Value& condition, const Locals& yes, const Locals& no, Span span) const;
    Value reached(const std::shared_ptr<Tracing>&) const;
    Value traced_result(Flow);
    bool is_long(const Value& items) const;
    void trace_loop(const Statement&, const Value* items);  // items: of a `for`; null: a `while`
    void trace_turn(const Statement&, const Value* items, const std::shared_ptr<Tracing>&, Procedure::Loop&);

    // modules.cpp
    StudyFile parse(std::uint32_t file, bool checked);
    void announce(const Block&, FileScope&) const;
    void execute_use(const Statement&);
    template <class Read>
    auto imported(const Statement&, Read read);
    void execute_import(const Statement&);
    void execute_model(const Statement&);
    FileScope& load_module(const std::string& path, const Statement&);
    void run_module(std::uint32_t file, FileScope&);
    std::vector<std::shared_ptr<const FunctionTree>> formula_functions() const;
    void apply_settings(const Block&);

    struct Module {
        FileScope scope;
        bool loading = true;
    };

    Environment& environment_;
    Verbs verbs_;
    MakeModel make_model_;
    FileScope main_;
    std::map<std::string, Module> modules_;  // by path
    std::map<const Statement*, Value> settings_;
    std::deque<StudyFile> files_;  // kept where they are, since settings_ refers to them
    Frame* frame_ = nullptr;
    std::size_t order_ = 0;  // of bindings
    int calls_ = 0, loops_ = 0;
    const char* stack_ = nullptr;  // where the outermost call began
    Value last_;                   // of the last expression statement
    std::set<std::pair<std::uint32_t, std::uint32_t>> seeds_noted_, loops_warned_;
};

// Counts what is going on: loops, calls.
class Counted {
  public:
    explicit Counted(int& count) : count_(count) { ++count_; }
    ~Counted() { --count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

  private:
    int& count_;
};

class Interpreter::Entered {
  public:
    Entered(Interpreter& interpreter, Frame& frame) : interpreter_(interpreter) {
        interpreter.frame_ = &frame;
    }
    ~Entered() { interpreter_.frame_ = interpreter_.frame_->outer; }
    Entered(const Entered&) = delete;
    Entered& operator=(const Entered&) = delete;

  private:
    Interpreter& interpreter_;
};

template <class Body>
auto Interpreter::at(Span span, Body body) const {
    try {
        return body();
    } catch (const LocatedError& error) {
        if (error.traced()) throw;
        throw LocatedError(error.fault(), error.what() + trace(), true);
    } catch (const Mistake& mistake) {
        fail(mistake.fault(), span, mistake.what(), mistake.help());
    } catch (const Error& error) {
        if (error.fault() == Fault::interrupted) throw;
        fail(error.fault(), span, error.what(), "");
    }
}

}  // namespace rondo
