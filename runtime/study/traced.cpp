// traced.cpp: ways that a formula decides. Both are gone, and what they leave is chosen between; loops that
// run long become loops of the procedure.
#include <algorithm>
#include <utility>

#include "runtime/study/formula.h"
#include "runtime/study/interpreter.h"
#include "runtime/study/operators.h"
#include "runtime/study/syntax.h"

namespace rondo {

namespace {

constexpr std::size_t longest_unrolled = 64;  // turns of a loop whose statements are traced one after another

Value both(const Value& a, const Value& b) {
    return a.is_nothing() ? b : logic("&&", a, b);
}

// While it lives, loops that are traced are inner ones.
class Opened {
  public:
    Opened(Tracing& tracing, std::vector<Procedure::Loop>& inner)
        : tracing_(tracing), outer_(std::exchange(tracing.open, &inner)) {}
    ~Opened() { tracing_.open = outer_; }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;

  private:
    Tracing& tracing_;
    std::vector<Procedure::Loop>* outer_;
};

// The local names that change with each turn.
template <class Locals>
std::vector<std::string> carried_by(const Statement& loop, const Locals& locals) {
    std::set<std::string> assigned;
    collect_bound(*loop.body, assigned);
    std::vector<std::string> names;
    for (const auto& name : assigned)
        if (locals.contains(name)) names.push_back(name);
    return names;
}

// The value a name has in a turn: unknown in all its numbers, which begin as they are.
Value carry(const TracingPtr& tracing, const std::string& name, const Value& value, Procedure::Loop& loop) {
    std::vector<Value> numbers, unknowns;
    collect_numbers(value, numbers);
    for (const Value& number : numbers) {
        loop.start.push_back(to_node(*tracing, number));
        unknowns.push_back(unknown(tracing, name));
        loop.carried.push_back(tracing->procedure.parameters - 1);
    }
    return with_numbers(value, unknowns);
}

void end_turn(Tracing& tracing, const std::string& name, const Value& given, const Value& now,
              Procedure::Loop& loop) {
    std::vector<Value> before, after;
    collect_numbers(given, before);
    collect_numbers(now, after);
    if (before.size() != after.size())
        throw Mistake("'" + name + "' grows with each turn of a loop of unknown or great length");
    for (const Value& number : after) loop.next.push_back(to_node(tracing, number));
}

}  // namespace

// Runs `body` under a further condition; `after`: the local names before and after it.
Interpreter::Flow Interpreter::follow(const Value& condition, const std::function<Flow()>& body,
                                      Locals& after) {
    const Value path = frame_->path;
    frame_->path = both(path, condition);
    const Flow flow = body();
    frame_->path = path;
    std::swap(frame_->locals, after);
    return flow;
}

Interpreter::Flow Interpreter::trace_if(const Statement& statement, std::size_t branch,
                                        const Value& condition) {
    const Span span = statement.branches[branch].condition->span;
    const Value otherwise = at(span, [&] {
        if (!frame_->function) throw Mistake("a formula has no value outside of its function");
        return unary("!", condition);
    });
    Locals yes = frame_->locals, no = frame_->locals;
    const Flow taken = follow(
        condition, [&] { return execute(*statement.branches[branch].body); }, yes);
    const Flow passed = follow(
        otherwise, [&] { return execute_branches(statement, branch + 1); }, no);
    if (taken == Flow::returned && passed == Flow::returned) return Flow::returned;
    if (taken == Flow::returned) {
        frame_->locals = std::move(no);
    } else if (passed == Flow::returned) {
        frame_->locals = std::move(yes);
    } else {
        frame_->locals = merge(condition, yes, no, span);
    }
    return Flow::next;
}

// Names that only one way binds are bound no more.
Interpreter::Locals Interpreter::merge(const Value& condition, const Locals& yes, const Locals& no,
                                       Span span) const {
    Locals merged;
    for (const auto& [name, value] : yes) {
        const auto other = no.find(name);
        if (other == no.end()) continue;
        merged[name] = at(span, [&] {
            try {
                return either(condition, value, other->second);
            } catch (const Mistake& mistake) {
                throw Mistake("'" + name + "': " + mistake.what(), mistake.help());
            }
        });
    }
    return merged;
}

// What must hold for the statement at hand to be reached: the ways taken, and none that returned before.
Value Interpreter::reached(const TracingPtr& tracing) const {
    Value all;
    for (const Frame* frame = frame_; frame; frame = frame->outer) {
        if (tracing_of(frame->path) == tracing) all = both(all, frame->path);
        for (const auto& [path, value] : frame->returned)
            if (tracing_of(path) == tracing) all = both(all, unary("!", path));
    }
    return all;
}

// What the function returned on its ways.
Value Interpreter::traced_result(Flow flow) {
    auto& returned = frame_->returned;
    if (returned.empty()) return frame_->result;
    return at(frame_->function->span, [&] {
        if (flow == Flow::next) throw Mistake("a way through the function ends without 'return'");
        Value result = returned.back().second;
        for (auto each = returned.rbegin() + 1; each != returned.rend(); ++each)
            result = either(each->first, each->second, result);
        return result;
    });
}

// Whether a `for` of a function called with formulas is better not written out.
bool Interpreter::is_long(const Value& items) const {
    const auto* range = items.get_if<Range>();
    if (!frame_->function || !range || range->last - range->first < longest_unrolled) return false;
    return std::ranges::any_of(frame_->locals,
                               [](const auto& local) { return tracing_of(local.second) != nullptr; });
}

// One turn is traced, from unknown values of all that the body assigns; what it binds anew is bound no more.
void Interpreter::trace_loop(const Statement& statement, const Value* items) {
    const Counted in_loop(loops_);
    const TracingPtr tracing = at(statement.value->span, [&] {
        TracingPtr found;
        for (const auto& [name, local] : frame_->locals)
            if (!found) found = tracing_of(local);
        if (!frame_->function || !found) throw Mistake("a formula has no value outside of its function");
        return found;
    });
    Procedure::Loop loop;
    const auto names = carried_by(statement, frame_->locals);
    for (const auto& name : names) frame_->locals[name] = carry(tracing, name, frame_->locals[name], loop);
    const Locals inside = frame_->locals;  // when a turn begins, and when the last has ended
    {
        const Opened opened(*tracing, loop.inner);
        trace_turn(statement, items, tracing, loop);
    }
    at(statement.value->span, [&] {
        for (const auto& name : names)
            end_turn(*tracing, name, inside.at(name), frame_->locals.at(name), loop);
    });
    tracing->open->push_back(std::move(loop));
    frame_->locals = inside;
}

void Interpreter::trace_turn(const Statement& statement, const Value* items, const TracingPtr& tracing,
                             Procedure::Loop& loop) {
    const std::string counter = items ? statement.name : "turn";
    const Value turn = unknown(tracing, counter);
    loop.counter = tracing->procedure.parameters - 1;
    if (items) {
        frame_->locals[counter] = turn;
        loop.first = items->get_if<Range>()->first;
        loop.turns = static_cast<double>(at(statement.value->span, [&] { return length(*items); }));
    } else {
        const Value condition = evaluate(*statement.value);
        loop.condition = at(statement.value->span, [&] {
            if (!object_if<FormulaValue>(condition)) (void)truth(condition, "while");
            return to_node(*tracing,
                           both(reached(tracing), condition));  // who does not come here makes no turn
        });
    }
    const auto returned = frame_->returned.size();
    const Flow flow = execute(*statement.body);
    at(statement.value->span, [&] {
        if (flow == Flow::next && frame_->returned.size() == returned) return;
        throw Mistake("'return' stands inside a loop of unknown or great length",
                      "end it by the condition of a 'while', and return behind it");
    });
}

}  // namespace rondo
