// traced.cpp: ways that a formula decides. Both are gone, and what they leave is chosen between; loops that
// run long become loops of the program.
#include <algorithm>

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

// What the function returned on its ways.
Value Interpreter::traced_result(Flow flow) {
    auto& returned = frame_->returned;
    if (returned.empty()) return frame_->result;
    if (flow == Flow::next) throw Mistake("a way through the function ends without 'return'");
    Value result = returned.back().second;
    for (auto each = returned.rbegin() + 1; each != returned.rend(); ++each)
        result = either(each->first, each->second, result);
    return result;
}

// Whether a `for` of a function called with formulas is better not written out.
bool Interpreter::is_long(const Value& items) const {
    const auto* range = items.get_if<Range>();
    if (!frame_->function || !range || range->last - range->first < longest_unrolled) return false;
    return std::ranges::any_of(frame_->locals,
                               [](const auto& local) { return tracing_of(local.second) != nullptr; });
}

// One turn is traced, from unknown values of all that the body assigns.
Interpreter::Flow Interpreter::trace_loop(const Statement& statement, const Value* items) {
    const Counted in_loop(loops_);
    TracingPtr tracing;
    for (const auto& [name, local] : frame_->locals)
        if (!tracing) tracing = tracing_of(local);
    at(statement.value->span, [&] {
        if (!frame_->function || !tracing) throw Mistake("a formula has no value outside of its function");
        if (items) (void)length(*items);  // whole ends
    });
    std::set<std::string> assigned;
    collect_bound(*statement.body, assigned);

    Program::Loop loop;
    const Locals before = frame_->locals;
    std::vector<std::string> carried;
    for (const auto& name : assigned) {
        const auto local = frame_->locals.find(name);
        if (local == frame_->locals.end()) continue;
        carried.push_back(name);
        std::vector<Value> start, unknowns;
        collect_numbers(local->second, start);
        for (const Value& value : start) {
            loop.start.push_back(to_node(*tracing, value));
            unknowns.push_back(unknown(tracing, name));
            loop.carried.push_back(tracing->program.parameters - 1);
        }
        local->second = with_numbers(local->second, unknowns);
    }
    const Locals inside = frame_->locals;  // of a turn's beginning, and of the end of the last
    const Value counter = unknown(tracing, statement.kind == StatementKind::for_ ? statement.name : "turn");
    loop.counter = tracing->program.parameters - 1;
    auto* const outer = std::exchange(tracing->open, &loop.inner);
    const auto returned = frame_->returned.size();
    Flow flow = Flow::next;
    try {
        if (items) {
            frame_->locals[statement.name] = counter;
            loop.first = items->get_if<Range>()->first;
            loop.turns = static_cast<double>(length(*items));
        } else {
            const Value condition = evaluate(*statement.value);
            loop.condition = at(statement.value->span, [&] {
                if (!object_if<Formula>(condition)) (void)truth(condition, "while");
                return to_node(*tracing, condition);
            });
        }
        flow = execute(*statement.body);
    } catch (...) {
        tracing->open = outer;
        throw;
    }
    tracing->open = outer;
    at(statement.value->span, [&] {
        if (flow == Flow::returned || frame_->returned.size() != returned)
            throw Mistake("'return' stands inside a loop of unknown or great length",
                          "end it by the condition of a 'while', and return behind it");
        for (const auto& name : carried) {
            std::vector<Value> next, given;
            collect_numbers(frame_->locals.at(name), next);
            collect_numbers(inside.at(name), given);
            if (next.size() != given.size())
                throw Mistake("'" + name + "' grows with each turn of a loop of unknown or great length");
            for (const Value& value : next) loop.next.push_back(to_node(*tracing, value));
        }
    });
    tracing->open->push_back(std::move(loop));
    frame_->locals = inside;
    return Flow::next;
}

}  // namespace rondo
