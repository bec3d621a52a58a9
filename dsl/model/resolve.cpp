// resolve.cpp: which model, which functions, and the passes of the resolver.
#include "dsl/model/resolve.h"

#include <algorithm>
#include <utility>

#include "dsl/model/resolver.h"

namespace rondo {

Resolver::Resolver(const ModelTree& model, const Models& models, Diagnostics& diagnostics)
    : model_(model), models_(models), diagnostics_(&diagnostics), reader_(diagnostics) {}

void Resolver::add_function(const FunctionTree& tree) {
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

void Resolver::add_remark(const RemarkStatement& remark) {
    outside_remarks_.push_back(&remark);
}

Network Resolver::resolve() {
    symbols_ = collect_symbols(model_, models_, *diagnostics_);
    plain_ = symbols_.scopes.size() == 1 && std::none_of(symbols_.all.begin(), symbols_.all.end(),
                                                         [](const ModelSymbol& s) { return s.gone; });
    network_.id = model_.id;
    network_.name = model_.title;
    name_things();
    add_default_compartment();
    define_units();
    gather_formulas();
    for (Formula& formula : formulas_) read(formula);
    find_variables();
    build_symbols();
    build_reactions();
    build_formulas();
    build_events();
    build_constraints();
    build_objectives();
    build_conversions();
    set_model_units();
    build_remarks();
    warn();
    check(network_, *diagnostics_);
    return std::move(network_);
}

std::uint32_t Resolver::line_of(Span span) const {
    return diagnostics_->sources().place(span.file, span.begin).line;
}

// "A.x" as "A_x", or "A_x_" where that is taken.
std::string Resolver::flat(const std::string& id) {
    if (id.find('.') == std::string::npos) return id;
    std::string& chosen = flat_[id];
    if (!chosen.empty()) return chosen;
    chosen = id;
    std::replace(chosen.begin(), chosen.end(), '.', '_');
    while (symbols_.find(chosen) || !full_.emplace(chosen, id).second) chosen += '_';
    return chosen;
}

// The symbol that the network calls `id`.
ModelSymbol* Resolver::find_flat(const std::string& id) {
    const auto full = full_.find(id);
    return symbols_.find(full == full_.end() ? id : full->second);
}

void Resolver::add_default_compartment() {
    const auto homeless = [](const ModelSymbol& symbol) {
        return symbol.kind == SymbolKind::species && !symbol.gone && symbol.compartment.empty() &&
               symbol.placed.empty();
    };
    if (std::none_of(symbols_.all.begin(), symbols_.all.end(), homeless)) return;
    ModelSymbol* known = symbols_.find(default_compartment);
    if (known && known->kind == SymbolKind::unspecified) known->kind = SymbolKind::compartment;
    if (!known)
        network_.compartments.push_back(
            {.id = default_compartment, .size = 1, .constant = true, .implicit = true});
}

// Its full name.
std::string Resolver::compartment_of(const ModelSymbol& species) const {
    const std::string& own = species.compartment.empty() ? species.placed : species.compartment;
    if (own.empty()) return default_compartment;
    return symbols_.find(own)->id;
}

namespace {

using Functions = std::vector<std::shared_ptr<const FunctionTree>>;
using Calls = std::unordered_set<std::string>;

void collect_calls(const Expr& expr, Calls& names) {
    if (expr.kind == ExprKind::call) names.insert(expr.text);
    for (const ExprPtr& child : expr.children) collect_calls(*child, names);
    for (const Argument& argument : expr.arguments) collect_calls(*argument.value, names);
}

void collect_calls(const ExprPtr& expr, Calls& names) {
    if (expr) collect_calls(*expr, names);
}

template <class Statement>
void collect_calls(const Statement& statement, Calls& names) {
    if constexpr (requires { statement.rate; }) collect_calls(statement.rate, names);
    if constexpr (requires { statement.value->kind; }) collect_calls(statement.value, names);
    if constexpr (requires { statement.formula; }) collect_calls(statement.formula, names);
    if constexpr (requires { statement.items; })
        for (const DeclarationItem& item : statement.items) collect_calls(item.value, names);
    if constexpr (requires { statement.trigger; }) {
        for (const ExprPtr& expr : {statement.trigger, statement.delay, statement.priority})
            collect_calls(expr, names);
        for (const EventAssignmentTree& assignment : statement.assignments)
            collect_calls(assignment.value, names);
    }
}

// Those a model's formulas call, and those these call; of one name, the last.
Functions used_functions(const ModelTree& model, const Functions& functions) {
    Calls names;
    for (const ModelStatement& statement : model.statements)
        std::visit([&](const auto& content) { collect_calls(content, names); }, statement.content);
    Functions used;
    std::unordered_set<std::string_view> taken;
    for (auto function = functions.rbegin(); function != functions.rend(); ++function) {
        if (!names.contains((*function)->name) || !taken.insert((*function)->name).second) continue;
        collect_calls((*function)->expression, names);
        used.push_back(*function);
    }
    std::reverse(used.begin(), used.end());
    return used;
}

// The last that is marked `*`; else `__main`, which stands last, or the last.
const ModelTree& main_model(const ModelFile& file) {
    const auto marked =
        std::find_if(file.models.rbegin(), file.models.rend(), [](const auto& m) { return m->main; });
    return marked == file.models.rend() ? *file.models.back() : **marked;
}

void add_used(const ModelTree& model, const ModelFile& file, std::unordered_set<std::string>& used) {
    if (!used.insert(model.id).second) return;
    for (const ModelStatement& statement : model.statements) {
        const auto* submodel = std::get_if<SubmodelStatement>(&statement.content);
        for (const auto& other : file.models)
            if (submodel && other->id == submodel->module.text) add_used(*other, file, used);
    }
}

void warn_unused_models(const ModelFile& file, const ModelTree& main, Diagnostics& diagnostics) {
    if (diagnostics.has_errors()) return;  // which may be why
    std::unordered_set<std::string> used;
    add_used(main, file, used);
    for (const auto& model : file.models) {
        if (used.contains(model->id) || model->id == "__main") continue;
        diagnostics.warning(model->id_span, "model '" + model->id + "' is not used",
                            main.id == "__main" ? "the statements outside 'model ... end' are the main model"
                                                : "the main model is '" + main.id + "'; write 'model *" +
                                                      model->id + "' to make it this one");
    }
}

}  // namespace

Network resolve(const ModelTree& model, const Functions& functions, Diagnostics& diagnostics) {
    Resolver resolver(model, {}, diagnostics);
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
    Resolver resolver(main, file.models, diagnostics);
    for (const auto& function : file.functions) resolver.add_function(*function);
    for (const RemarkStatement& remark : file.remarks) resolver.add_remark(remark);
    return resolver.resolve();
}

}  // namespace rondo
