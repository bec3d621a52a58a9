// resolve.cpp: symbols and formulas to a Network.
//
// Passes: functions; what each name is (symbols.cpp); formulas in the order of the text, where unknown names
// come up; what varies; the network; the checks of any network.
#include "dsl/model/resolve.h"

#include <algorithm>
#include <limits>
#include <unordered_set>

#include "dsl/model/formula.h"
#include "dsl/model/symbols.h"

namespace rondo {

namespace {

constexpr const char* default_compartment = "default_compartment";
constexpr int max_searches = 50;  // more unknown names are a habit, not slips, and each search takes long

using Functions = std::vector<std::shared_ptr<const FunctionTree>>;

enum class Role { initial, assignment, rate, law };

struct Formula {
    int when;
    Role role;
    Symbol* symbol;
    const Assigned* assigned;
    ExprPtr expr;
    MathPtr math;
};

// A number, perhaps with a minus; INF and NaN count only here.
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

std::string digits_of(std::string_view name) {
    std::string digits;
    std::copy_if(name.begin(), name.end(), std::back_inserter(digits),
                 [](char c) { return c >= '0' && c <= '9'; });
    return digits;
}

void collect_calls(const Expr& expr, std::unordered_set<std::string>& names) {
    if (expr.kind == ExprKind::call) names.insert(expr.text);
    for (const ExprPtr& child : expr.children) collect_calls(*child, names);
    for (const Argument& argument : expr.arguments) collect_calls(*argument.value, names);
}

class Resolver {
  public:
    Resolver(const ModelTree& model, Diagnostics& diagnostics)
        : model_(model),
          diagnostics_(&diagnostics),
          reader_(diagnostics),
          unread_(model.unread.begin(), model.unread.end()) {}

    void add_function(const FunctionTree& tree) {
        FunctionDefinition function{.id = tree.name, .name = tree.title, .span = tree.name_span};
        for (const Parameter& parameter : tree.parameters) function.arguments.push_back(parameter.name);
        if (tree.expression) {
            function.body = reader_.read(*tree.expression);
        } else {
            function.body = make_math(Op::notanumber, {});
            diagnostics_->error(tree.name_span,
                                "function '" + tree.name + "' is used in a model but is no formula",
                                "its body must be one expression");
        }
        reader_.add_function(tree.name, function.arguments.size());
        network_.functions.push_back(std::move(function));
    }

    Network resolve() {
        symbols_ = collect_symbols(model_, *diagnostics_);
        network_.id = model_.id;
        network_.name = model_.title;
        add_default_compartment();
        gather_formulas();
        for (Formula& formula : formulas_) read(formula);
        find_variables();
        build_symbols();
        build_reactions();
        build_formulas();
        warn_without_value();
        check(network_, *diagnostics_);
        return std::move(network_);
    }

  private:
    std::uint32_t line_of(Span span) const {
        return diagnostics_->sources().place(span.file, span.begin).line;
    }

    void add_default_compartment() {
        const auto homeless = [](const Symbol& symbol) {
            return symbol.kind == SymbolKind::species && symbol.compartment.empty() && symbol.placed.empty();
        };
        if (std::none_of(symbols_.all.begin(), symbols_.all.end(), homeless)) return;
        Symbol* known = symbols_.find(default_compartment);
        if (known && known->kind == SymbolKind::unspecified) known->kind = SymbolKind::compartment;
        if (!known)
            network_.compartments.push_back(
                {.id = default_compartment, .size = 1, .constant = true, .implicit = true});
    }

    // Before the symbols are built, the default compartment is the only one.
    bool is_implicit(const std::string& name) const {
        return name == default_compartment && !network_.compartments.empty();
    }

    std::string compartment_of(const Symbol& species) const {
        if (!species.compartment.empty()) return species.compartment;
        return species.placed.empty() ? default_compartment : species.placed;
    }

    // ---- formulas ----

    void add_formula(Role role, Symbol& symbol, const Assigned& assigned) {
        if (assigned.value)
            formulas_.push_back({assigned.when, role, &symbol, &assigned, assigned.value, nullptr});
    }

    void gather_law(Symbol& reaction) {
        if (reaction.rate.value)
            diagnostics_->error(reaction.rate.span,
                                "'" + reaction.id + "' is a reaction and has a rate already",
                                "'" + reaction.id + " = ...' sets it");
        const auto entry = entry_of_.find(reaction.id);
        const bool later = reaction.assignment.when > reaction.initial.when;
        const Assigned& set = later ? reaction.assignment : reaction.initial;
        const int written =
            entry != entry_of_.end() && entry->second->statement->rate ? entry->second->when : -1;
        if (set.when > written)
            add_formula(Role::law, reaction, set);
        else if (written >= 0)
            formulas_.push_back(
                {written, Role::law, &reaction, nullptr, entry->second->statement->rate, nullptr});
    }

    void gather_values(Symbol& symbol) {
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

    void gather_formulas() {
        for (const ReactionEntry& entry : symbols_.reactions) entry_of_.emplace(entry.id, &entry);
        for (Symbol& symbol : symbols_.all) {
            if (symbol.kind == SymbolKind::unspecified) symbol.kind = SymbolKind::parameter;
            symbol.kind == SymbolKind::reaction ? gather_law(symbol) : gather_values(symbol);
        }
        std::stable_sort(formulas_.begin(), formulas_.end(),
                         [](const Formula& a, const Formula& b) { return a.when < b.when; });
    }

    static std::string context(const Formula& formula) {
        switch (formula.role) {
            case Role::initial: return "the initial value of '" + formula.symbol->id + "'";
            case Role::assignment: return "the rule of '" + formula.symbol->id + "'";
            case Role::rate: return "the rate rule of '" + formula.symbol->id + "'";
            case Role::law: break;
        }
        return "the rate of '" + formula.symbol->id + "'";
    }

    void read(Formula& formula) {
        if (formula.role == Role::initial && plain_number(*formula.expr)) return;
        formula.math = reader_.read(*formula.expr);
        for_each_symbol(*formula.math, [&](const Math& name) {
            if (!symbols_.find(name.name) && !is_implicit(name.name)) add_unknown(name, context(formula));
        });
    }

    // Antimony takes it for a parameter. So do we, unless it is most likely a misspelling.
    void add_unknown(const Math& name, const std::string& context) {
        const Symbol* near = misspelled(name.name);
        symbols_.at(name.name, name.span).kind = SymbolKind::parameter;
        if (!near) return;
        const std::string kind(
            word(near->kind == SymbolKind::unspecified ? SymbolKind::parameter : near->kind));
        diagnostics_->error(name.span, "unknown name '" + name.name + "' in " + context,
                            "did you mean '" + near->id + "' (" + kind + ", line " +
                                std::to_string(line_of(near->span)) + ")?");
        unread_.insert(name.name);
    }

    // k10 is no slip for k1, nor one letter for another: only names with the same digits compare.
    const Symbol* misspelled(const std::string& name) {
        if (name.size() < 2 || unread_.contains(name) || ++searches_ > max_searches) return nullptr;
        if (candidates_.empty())
            for (const Symbol& symbol : symbols_.all) candidates_[digits_of(symbol.id)].push_back(symbol.id);
        const auto near = nearest(name, candidates_[digits_of(name)]);
        return near && near->size() > 1 ? symbols_.find(*near) : nullptr;
    }

    // ---- what varies ----

    // Rules and events move a parameter, and so does a value that comes from something that moves.
    void find_variables() {
        std::unordered_map<std::string_view, std::vector<const Symbol*>> used_by;
        std::vector<std::string_view> open;
        for (const Formula& formula : formulas_) {
            if (formula.role != Role::initial || !formula.math) continue;
            for_each_symbol(*formula.math,
                            [&](const Math& name) { used_by[name.name].push_back(formula.symbol); });
        }
        const auto vary = [&](const Symbol& symbol) {
            if (variable_.insert(&symbol).second) open.push_back(symbol.id);
        };
        for (const Symbol& symbol : symbols_.all) {
            const bool moves = symbol.kind == SymbolKind::species || symbol.kind == SymbolKind::reaction;
            if (moves || symbol.constancy == Constancy::variable || symbol.assignment.value ||
                symbol.rate.value)
                vary(symbol);
        }
        while (!open.empty()) {
            const std::string_view id = open.back();
            open.pop_back();
            for (const Symbol* user : used_by[id])
                if (user->constancy != Constancy::constant) vary(*user);
        }
    }

    // ---- the network ----

    void build_symbols() {
        for (const Symbol& symbol : symbols_.all) {
            const bool constant = !variable_.contains(&symbol);
            const auto value = value_of(symbol);
            if (symbol.kind == SymbolKind::compartment)
                network_.compartments.push_back({.id = symbol.id,
                                                 .name = symbol.title,
                                                 .size = value,
                                                 .constant = constant,
                                                 .span = symbol.span});
            if (symbol.kind == SymbolKind::parameter)
                network_.parameters.push_back({symbol.id, symbol.title, value, constant, symbol.span});
            if (symbol.kind == SymbolKind::species) build_species(symbol, value);
        }
    }

    // `x := 3` also sets the value of x.
    static std::optional<double> value_of(const Symbol& symbol) {
        const auto ruled = symbol.assignment.value ? plain_number(*symbol.assignment.value) : std::nullopt;
        if (ruled) return ruled;
        return symbol.initial.value ? plain_number(*symbol.initial.value) : std::nullopt;
    }

    // `S = 3/C` with its own compartment is how an amount is written.
    static std::optional<double> amount_of(const Symbol& species, const std::string& compartment) {
        if (!species.initial.value || species.substance_only || species.assignment.value) return {};
        const Expr& expr = *species.initial.value;
        if (expr.kind != ExprKind::binary || expr.text != "/" || expr.grouped) return {};
        const Expr& below = *expr.children[1];
        if (below.kind != ExprKind::name || below.text != compartment || below.grouped) return {};
        return plain_number(*expr.children[0]);
    }

    void build_species(const Symbol& symbol, std::optional<double> value) {
        Species species{.id = symbol.id,
                        .name = symbol.title,
                        .compartment = compartment_of(symbol),
                        .span = symbol.span};
        species.boundary = symbol.constancy == Constancy::constant;
        species.substance_only = symbol.substance_only;
        species.initial_amount = symbol.substance_only ? value : amount_of(symbol, species.compartment);
        if (!symbol.substance_only) species.initial_concentration = value;
        network_.species.push_back(std::move(species));
    }

    static std::vector<SpeciesReference> references(const std::vector<SpeciesTerm>& terms) {
        std::vector<SpeciesReference> result;
        for (const SpeciesTerm& term : terms) result.push_back({term.id, term.stoichiometry, term.span});
        return result;
    }

    void build_reactions() {
        std::unordered_map<std::string_view, const Formula*> laws;
        for (const Formula& formula : formulas_)
            if (formula.role == Role::law) laws[formula.symbol->id] = &formula;
        const auto build = [&](Reaction reaction) {
            const auto law = laws.find(reaction.id);
            if (law != laws.end()) reaction.kinetic_law = law->second->math;
            add_modifiers(reaction);
            network_.reactions.push_back(std::move(reaction));
        };
        for (const ReactionEntry& entry : symbols_.reactions) {
            const Symbol* symbol = symbols_.find(entry.id);
            const bool placed = !entry.statement->compartment.empty();
            build({.id = entry.id,
                   .name = symbol->title,
                   .compartment = placed ? entry.statement->compartment : symbol->compartment,
                   .reversible = entry.statement->reversible,
                   .reactants = references(entry.statement->reactants),
                   .products = references(entry.statement->products),
                   .span = entry.span});
        }
        for (const Symbol& symbol : symbols_.all)
            if (symbol.kind == SymbolKind::reaction && !entry_of_.contains(symbol.id))
                build({.id = symbol.id,
                       .name = symbol.title,
                       .compartment = symbol.compartment,
                       .span = symbol.span});
    }

    void add_modifiers(Reaction& reaction) {
        if (!reaction.kinetic_law) return;
        std::unordered_set<std::string_view> seen;
        for (const auto& reference : reaction.reactants) seen.insert(reference.species);
        for (const auto& reference : reaction.products) seen.insert(reference.species);
        for_each_symbol(*reaction.kinetic_law, [&](const Math& name) {
            const Symbol* symbol = symbols_.find(name.name);
            const bool species = symbol && symbol->kind == SymbolKind::species;
            if (species && seen.insert(symbol->id).second) reaction.modifiers.push_back(symbol->id);
        });
    }

    void build_formulas() {
        for (const Formula& formula : formulas_) {
            const std::string& id = formula.symbol->id;
            if (formula.role == Role::assignment)
                network_.rules.push_back({RuleKind::assignment, id, formula.math, formula.assigned->span});
            if (formula.role == Role::rate)
                network_.rules.push_back({RuleKind::rate, id, formula.math, formula.assigned->span});
            if (formula.role != Role::initial || !formula.math) continue;
            const bool species = formula.symbol->kind == SymbolKind::species;
            if (species && amount_of(*formula.symbol, compartment_of(*formula.symbol))) continue;
            network_.initial_assignments.push_back({id, formula.math, formula.assigned->span});
        }
    }

    void warn_without_value() {
        for (const Symbol& symbol : symbols_.all) {
            const bool given = symbol.initial.value || symbol.assignment.value || unread_.contains(symbol.id);
            if (symbol.kind == SymbolKind::parameter && !given)
                diagnostics_->warning(symbol.span, "'" + symbol.id + "' is never given a value");
        }
    }

    const ModelTree& model_;
    Diagnostics* diagnostics_;
    MathReader reader_;
    std::unordered_set<std::string> unread_;
    Symbols symbols_;
    Network network_;
    std::vector<Formula> formulas_;
    std::unordered_map<std::string_view, const ReactionEntry*> entry_of_;
    std::unordered_map<std::string, std::vector<std::string>> candidates_;  // by their digits
    std::unordered_set<const Symbol*> variable_;
    int searches_ = 0;
};

// The last that is marked `*`; else `__main`, which stands last, or the last.
const ModelTree& main_model(const ModelFile& file) {
    const auto marked =
        std::find_if(file.models.rbegin(), file.models.rend(), [](const auto& m) { return m->main; });
    return marked == file.models.rend() ? *file.models.back() : **marked;
}

void warn_unused_models(const ModelFile& file, const ModelTree& main, Diagnostics& diagnostics) {
    if (diagnostics.has_errors()) return;  // which may be why
    for (const auto& model : file.models) {
        if (model.get() == &main || model->id == "__main") continue;
        diagnostics.warning(model->id_span, "model '" + model->id + "' is not used",
                            main.id == "__main" ? "the statements outside 'model ... end' are the main model"
                                                : "the main model is '" + main.id + "'; write 'model *" +
                                                      model->id + "' to make it this one");
    }
}

// Those a model's formulas call, and those these call; of one name, the last.
Functions used_functions(const ModelTree& model, const Functions& functions) {
    std::unordered_set<std::string> names;
    const auto collect = [&](const ExprPtr& expr) {
        if (expr) collect_calls(*expr, names);
    };
    for (const ModelStatement& statement : model.statements) {
        collect(statement.reaction.rate);
        collect(statement.assignment.value);
        for (const DeclarationItem& item : statement.declaration.items) collect(item.value);
    }
    Functions used;
    std::unordered_set<std::string_view> taken;
    for (auto function = functions.rbegin(); function != functions.rend(); ++function) {
        if (!names.contains((*function)->name) || !taken.insert((*function)->name).second) continue;
        collect((*function)->expression);
        used.push_back(*function);
    }
    std::reverse(used.begin(), used.end());
    return used;
}

}  // namespace

Network resolve(const ModelTree& model, const Functions& functions, Diagnostics& diagnostics) {
    Resolver resolver(model, diagnostics);
    for (const auto& function : used_functions(model, functions)) resolver.add_function(*function);
    return resolver.resolve();
}

Network resolve(const ModelFile& file, Diagnostics& diagnostics) {
    if (file.models.empty()) {
        if (!diagnostics.has_errors()) diagnostics.error({}, "there is no model in the text");
        return {};
    }
    const ModelTree& main = main_model(file);
    warn_unused_models(file, main, diagnostics);
    Resolver resolver(main, diagnostics);
    for (const auto& function : file.functions) resolver.add_function(*function);
    return resolver.resolve();
}

}  // namespace rondo
