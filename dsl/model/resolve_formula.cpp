// resolve_formula.cpp: every formula of a model, and the names in it.
#include <algorithm>
#include <limits>

#include "dsl/model/resolver.h"

namespace rondo {

namespace {

std::string digits_of(std::string_view name) {
    std::string digits;
    std::copy_if(name.begin(), name.end(), std::back_inserter(digits),
                 [](char c) { return c >= '0' && c <= '9'; });
    return digits;
}

}  // namespace

std::optional<double> plain_number(const Expr& expr) {
    if (expr.grouped) return {};
    if (expr.kind == ExprKind::number) return expr.value;
    if (expr.kind == ExprKind::name && expr.text == "INF") return std::numeric_limits<double>::infinity();
    if (expr.kind == ExprKind::name && expr.text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (expr.kind != ExprKind::unary || expr.text != "-") return {};
    const auto value = plain_number(*expr.children[0]);
    if (value && expr.children[0]->kind != ExprKind::unary) return -*value;
    return {};
}

std::vector<std::string> of_same_digits(const std::string& name, const std::vector<std::string>& names) {
    std::vector<std::string> result;
    std::copy_if(names.begin(), names.end(), std::back_inserter(result),
                 [&](const std::string& other) { return digits_of(other) == digits_of(name); });
    return result;
}

// ---- gathering ----

void Resolver::add_formula(Role role, ModelSymbol& symbol, const Assigned& assigned) {
    if (!assigned.value) return;
    formulas_.push_back({.when = assigned.when,
                         .role = role,
                         .scope = assigned.scope,
                         .expr = assigned.value,
                         .span = assigned.span,
                         .symbol = &symbol,
                         .factor = assigned.factor});
}

void Resolver::gather_law(ModelSymbol& reaction) {
    if (reaction.rate.value)
        diagnostics_->error(reaction.rate.span, "'" + reaction.id + "' is a reaction and has a rate already",
                            "'" + reaction.id + " = ...' sets it");
    const auto entry = entry_of_.find(reaction.id);
    const bool later = reaction.assignment.when > reaction.initial.when;
    const Assigned& set = later ? reaction.assignment : reaction.initial;
    const ReactionEntry* written =
        entry != entry_of_.end() && entry->second->statement->rate ? entry->second : nullptr;
    if (set.value && written && set.when > written->when && set.scope == written->scope)
        diagnostics_->warning(written->statement->rate->span,
                              "this rate of '" + reaction.id + "' is replaced",
                              "by that on line " + std::to_string(line_of(set.span)));
    if (set.when > (written ? written->when : -1))
        add_formula(Role::law, reaction, set);
    else if (written)
        formulas_.push_back({.when = written->when,
                             .role = Role::law,
                             .scope = written->scope,
                             .expr = written->statement->rate,
                             .span = written->span,
                             .symbol = &reaction});
}

void Resolver::gather_values(ModelSymbol& symbol) {
    const std::string name = "'" + symbol.id + "'";
    if (symbol.assignment.value && symbol.rate.value) {
        const bool rate_last = symbol.rate.when > symbol.assignment.when;
        diagnostics_->error(
            rate_last ? symbol.rate.span : symbol.assignment.span, name + " has two rules",
            "the other one is on line " +
                std::to_string(line_of(rate_last ? symbol.assignment.span : symbol.rate.span)));
        return add_formula(Role::assignment, symbol, symbol.assignment);
    }
    if (symbol.assignment.value && symbol.initial.value && symbol.initial.when > symbol.assignment.when)
        diagnostics_->error(symbol.initial.span, name + " follows a rule and cannot be given a value",
                            "the rule is on line " + std::to_string(line_of(symbol.assignment.span)));
    else if (!symbol.assignment.value)
        add_formula(Role::initial, symbol, symbol.initial);
    add_formula(Role::assignment, symbol, symbol.assignment);
    add_formula(Role::rate, symbol, symbol.rate);
}

void Resolver::gather_events() {
    for (std::size_t i = 0; i < symbols_.events.size(); ++i) {
        const EventEntry& entry = symbols_.events[i];
        if (symbols_.deleted.contains(entry.id)) continue;
        const auto gather = [&](Role role, const ExprPtr& expr, std::size_t part = 0) {
            if (expr)
                formulas_.push_back({.when = entry.when,
                                     .role = role,
                                     .scope = entry.scope,
                                     .expr = expr,
                                     .span = expr->span,
                                     .owner = i,
                                     .part = part});
        };
        gather(Role::trigger, entry.statement->trigger);
        gather(Role::delay, entry.statement->delay);
        gather(Role::priority, entry.statement->priority);
        for (std::size_t part = 0; part < entry.statement->assignments.size(); ++part) {
            const EventAssignmentTree& assignment = entry.statement->assignments[part];
            gather(Role::event_assignment, assignment.value, part);
            const Alias target = symbols_.look_up(full_name(*entry.scope, assignment.id.text));
            formulas_.back().symbol = target.symbol;
            formulas_.back().factor = target.factor;
        }
    }
}

void Resolver::gather_formulas() {
    for (const ReactionEntry& entry : symbols_.reactions)
        if (const ModelSymbol* symbol = symbols_.find(entry.id); symbol->id == entry.id && !symbol->gone)
            entry_of_.emplace(symbol->id, &entry);
    for (ModelSymbol& symbol : symbols_.all) {
        if (symbol.gone) continue;
        if (symbol.kind == SymbolKind::unspecified) symbol.kind = SymbolKind::parameter;
        symbol.kind == SymbolKind::reaction ? gather_law(symbol) : gather_values(symbol);
    }
    gather_events();
    const auto gather = [&](Role role, const auto& entries) {
        for (std::size_t i = 0; i < entries.size(); ++i)
            formulas_.push_back({.when = entries[i].when,
                                 .role = role,
                                 .scope = entries[i].scope,
                                 .expr = entries[i].statement->formula,
                                 .span = entries[i].span,
                                 .owner = i});
    };
    gather(Role::algebraic, symbols_.algebraic);
    gather(Role::constraint, symbols_.constraints);
    gather(Role::objective, symbols_.objectives);
    std::stable_sort(formulas_.begin(), formulas_.end(),
                     [](const Formula& a, const Formula& b) { return a.when < b.when; });
}

// ---- reading ----

std::string Resolver::context(const Formula& formula) const {
    switch (formula.role) {
        case Role::initial: return "the initial value of '" + formula.symbol->id + "'";
        case Role::assignment: return "the rule of '" + formula.symbol->id + "'";
        case Role::rate: return "the rate rule of '" + formula.symbol->id + "'";
        case Role::law: return "the rate of '" + formula.symbol->id + "'";
        case Role::algebraic: return "an algebraic rule";
        case Role::trigger: return "the condition of event '" + symbols_.events[formula.owner].id + "'";
        case Role::delay: return "the delay of event '" + symbols_.events[formula.owner].id + "'";
        case Role::priority: return "the priority of event '" + symbols_.events[formula.owner].id + "'";
        case Role::event_assignment: return "event '" + symbols_.events[formula.owner].id + "'";
        case Role::constraint: return "a constraint";
        case Role::objective: return "an objective";
    }
    return {};
}

void Resolver::read(Formula& formula) {
    if (formula.role == Role::initial && !formula.factor && plain_number(*formula.expr)) return;
    const MathPtr math = reader_.read(*formula.expr);
    for_each_symbol(*math, [&](const Math& name) {
        const std::string full = full_name(*formula.scope, name.name);
        if (ModelSymbol* symbol = symbols_.find(full))
            ++symbol->mentions;
        else if (!is_implicit(name.name))
            add_unknown(name, full, context(formula));
    });
    if (plain_) define_number_units(*math);
    formula.math = plain_ ? math : converted(placed(math, *formula.scope), formula);
    if (!plain_ && uses_deleted(*formula.math)) formula.math = nullptr;
}

MathPtr Resolver::placed_symbol(const MathPtr& math, const Scope& scope) {
    const std::string full = full_name(scope, math->name);
    const Alias alias = symbols_.look_up(full);
    const std::string id = flat(alias.symbol ? alias.symbol->id : full);
    const MathPtr symbol = id == math->name ? math : make_symbol(id, math->span);
    return alias.factor
               ? make_math(Op::divide, {symbol, placed(alias.factor, symbols_.scopes[0])}, math->span)
               : symbol;
}

// With the names that the network has, and the time of the whole model.
MathPtr Resolver::placed(const MathPtr& math, const Scope& scope) {
    if (math->op == Op::symbol) return placed_symbol(math, scope);
    if (math->op == Op::number && !math->name.empty()) {
        auto number = std::make_shared<Math>(*math);
        number->name = unit_id(math->name, scope);
        return number;
    }
    std::vector<MathPtr> args;
    for (const MathPtr& argument : math->args) args.push_back(placed(argument, scope));
    const MathPtr time = scope.time_factor ? placed(scope.time_factor, symbols_.scopes[0]) : nullptr;
    if (time && math->op == Op::time) return make_math(Op::divide, {math, time}, math->span);
    if (time && math->op == Op::delay) args[1] = make_math(Op::times, {args[1], time});
    const MathPtr result =
        math->args == args ? math : make_math(math->op, std::move(args), math->span, math->name);
    return time && math->op == Op::rate_of ? make_math(Op::times, {result, time}, math->span) : result;
}

// To the units of the whole model.
MathPtr Resolver::converted(MathPtr math, const Formula& formula) {
    const auto outermost = [&](const MathPtr& factor) { return placed(factor, symbols_.scopes[0]); };
    const Scope& scope = *formula.scope;
    if (formula.factor) math = make_math(Op::times, {outermost(formula.factor), math});
    if (formula.role == Role::law && scope.extent_factor)
        math = make_math(Op::times, {math, outermost(scope.extent_factor)});
    if ((formula.role == Role::law || formula.role == Role::rate) && scope.time_factor)
        math = make_math(Op::divide, {math, outermost(scope.time_factor)});
    if (formula.role == Role::delay && scope.time_factor)
        math = make_math(Op::times, {math, outermost(scope.time_factor)});
    return math;
}

bool Resolver::uses_deleted(const Math& math) {
    bool found = false;
    for_each_symbol(math, [&](const Math& name) {
        const ModelSymbol* symbol = find_flat(name.name);
        found = found || (symbol && symbol->gone);
    });
    return found;
}

// ---- unknown names ----

// Before the symbols are built, the default compartment is the only one.
bool Resolver::is_implicit(const std::string& name) const {
    return name == default_compartment && !network_.compartments.empty();
}

// Antimony takes it for a parameter. So do we, unless it is most likely a misspelling.
void Resolver::add_unknown(const Math& name, const std::string& full, const std::string& context) {
    const ModelSymbol* near = misspelled(full);
    symbols_.at(full, name.span).kind = SymbolKind::parameter;
    const std::size_t point = name.name.rfind('.');
    if (point != std::string::npos) {
        diagnostics_->error(name.span, "unknown name '" + name.name + "' in " + context,
                            "a submodel is reached into by the names it has");
        return;
    }
    if (!near) return;
    const std::string kind(word(near->kind == SymbolKind::unspecified ? SymbolKind::parameter : near->kind));
    diagnostics_->error(
        name.span, "unknown name '" + name.name + "' in " + context,
        "did you mean '" + near->id + "' (" + kind + ", line " + std::to_string(line_of(near->span)) + ")?");
    symbols_.unread.insert(name.name);
}

// k10 is no slip for k1, nor one letter for another: only names of one model with the same digits compare.
const ModelSymbol* Resolver::misspelled(const std::string& name) {
    const auto split = [](const std::string& id) {
        const std::size_t point = id.rfind('.') + 1;  // 0 without one
        return std::pair(id.substr(0, point), id.substr(point));
    };
    const auto key = [&](const std::string& id) {
        const auto [prefix, local] = split(id);
        return prefix + digits_of(local);
    };
    const auto [prefix, local] = split(name);
    if (local.size() < 2 || symbols_.unread.contains(local) || ++searches_ > max_searches) return nullptr;
    if (candidates_.empty())
        for (const ModelSymbol& symbol : symbols_.all)
            candidates_[key(symbol.id)].push_back(split(symbol.id).second);
    const auto near = nearest(local, candidates_[key(name)]);
    return near && near->size() > 1 ? symbols_.find(prefix + *near) : nullptr;
}

}  // namespace rondo
