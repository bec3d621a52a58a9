// collect_submodel.cpp: the statements of a submodel are those of its model, its names behind `A.`.
#include <algorithm>

#include "dsl/model/collector.h"

namespace rondo {

namespace {

constexpr int max_depth_of_submodels = 50;
constexpr std::size_t max_scopes = 100000;

}  // namespace

const ModelTree* Collector::module_named(const Name& name) {
    const auto found = std::find_if(models_.begin(), models_.end(),
                                    [&](const auto& model) { return model->id == name.text; });
    if (found != models_.end()) return found->get();
    std::vector<std::string> ids;
    for (const auto& model : models_) ids.push_back(model->id);
    diagnostics_->error(name.span, "unknown model '" + name.text + "'", did_you_mean(name.text, ids));
    return nullptr;
}

// Whether `A.x` names something: of a submodel, only what it has.
bool Collector::check_reach(const Name& name) {
    const std::size_t point = name.text.rfind('.');
    if (point == std::string::npos) return true;
    const std::string submodel = name.text.substr(0, point), part = name.text.substr(point + 1);
    const std::string prefix = full_name(*scope_, submodel) + ".";
    if (!symbols_.submodels.contains(full_name(*scope_, submodel))) {
        diagnostics_->error(name.span, "there is no submodel '" + submodel + "'",
                            "'" + submodel + ": MODEL()' makes one");
        return false;
    }
    std::vector<std::string> parts;
    for (const ModelSymbol& symbol : symbols_.all)
        if (symbol.id.starts_with(prefix)) parts.push_back(symbol.id.substr(prefix.size()));
    diagnostics_->error(name.span, "submodel '" + submodel + "' has no '" + part + "'",
                        did_you_mean(part, parts));
    return false;
}

ModelSymbol& Collector::symbol_of(const SubmodelArgument& argument) {
    if (!argument.name.empty()) return symbol(argument.name);
    int next = 0;
    ModelSymbol& made = symbols_.at(free_id("_ant", next), argument.span);
    made.kind = SymbolKind::parameter;
    made.initial = {std::make_shared<const Expr>(
                        Expr{.kind = ExprKind::number, .span = argument.span, .value = argument.value}),
                    argument.span, when_, scope_};
    return made;
}

MathPtr Collector::value_of(const SubmodelArgument& argument) {
    if (argument.name.empty()) return make_number(argument.value, argument.span);
    return make_symbol(symbol(argument.name).id, argument.span);
}

void Collector::read(const SubmodelStatement& statement, Span span) {
    const ModelTree* model = module_named(statement.module);
    if (!model) return;
    for (const Scope* scope = scope_; scope; scope = scope->outer) {
        if (scope->model != model) continue;
        return diagnostics_->error(statement.module.span,
                                   "model '" + model->id + "' is a submodel of itself");
    }
    if (++depth_ > max_depth_of_submodels || symbols_.scopes.size() > max_scopes) {
        --depth_;
        return diagnostics_->error(span, "too many submodels inside each other");
    }
    int next = 0;
    std::string id = statement.id.empty() ? "" : full_name(*scope_, statement.id.text);
    while (id.empty() || (statement.id.empty() && symbols_.submodels.contains(id)))
        id = free_id("_sys", next);
    if (!symbols_.submodels.insert(id).second)
        diagnostics_->error(statement.id.span, "submodel '" + statement.id.text + "' is defined twice");
    const auto times = [](const MathPtr& a, const MathPtr& b) {
        return !a ? b : !b ? a : make_math(Op::times, {a, b});
    };
    const auto given = [&](const std::optional<SubmodelArgument>& factor) {
        return factor ? value_of(*factor) : nullptr;
    };
    const Scope& scope = symbols_.scopes.emplace_back(
        Scope{id + ".", model, scope_, times(scope_->time_factor, given(statement.time_conversion)),
              times(scope_->extent_factor, given(statement.extent_conversion))});
    read_model(scope);
    --depth_;
    if (statement.arguments.size() > model->parameters.size())
        diagnostics_->error(span, "model '" + model->id + "' takes " +
                                      std::to_string(model->parameters.size()) + " arguments, not " +
                                      std::to_string(statement.arguments.size()));
    const std::size_t given_count = std::min(statement.arguments.size(), model->parameters.size());
    for (std::size_t i = 0; i < given_count; ++i) {
        ModelSymbol& inner = symbols_.at(scope.prefix + model->parameters[i].text, model->parameters[i].span);
        merge({&inner}, symbol_of(statement.arguments[i]), nullptr, statement.arguments[i].span);
    }
    for (const Name& parameter : model->parameters)
        symbols_.at(scope.prefix + parameter.text, parameter.span);
}

void Collector::merge(Alias first, ModelSymbol& second, const MathPtr& factor, Span span) {
    if (first.symbol == &second) return;
    if (first.symbol->kind != SymbolKind::unspecified && second.kind != SymbolKind::unspecified)
        become(second, first.symbol->kind, span);
    symbols_.merge(*first.symbol, second, factor);
}

// `A is B` at top level renames.
void Collector::read(const SynchronyStatement& statement, Span span) {
    const MathPtr factor = statement.factor ? value_of(*statement.factor) : nullptr;
    const Alias first = alias(statement.first);
    merge(first, symbol(statement.second), factor, span);
}

// A symbol, a reaction, an event, or a whole submodel.
void Collector::read(const DeletionStatement& statement, Span) {
    const std::string id = full_name(*scope_, statement.id.text);
    if (statement.id.text.find('.') == std::string::npos && !symbols_.submodels.contains(id))
        return diagnostics_->error(statement.id.span, "'" + statement.id.text + "' is no part of a submodel",
                                   "'delete A.x' removes the x of submodel A");
    const bool event = std::any_of(symbols_.events.begin(), symbols_.events.end(),
                                   [&](const EventEntry& entry) { return entry.id == id; });
    const auto remove = [&](const std::string& part) {
        const Alias found = symbols_.look_up(part);
        if (found.symbol && found.symbol->id == part) found.symbol->gone = true;
        symbols_.deleted.insert(found.symbol ? found.symbol->id : part);
    };
    if (symbols_.submodels.contains(id)) {
        for (const ModelSymbol& symbol : symbols_.all)
            if (symbol.id.starts_with(id + ".") && !symbol.gone) remove(symbol.id);
        for (const EventEntry& entry : symbols_.events)
            if (entry.id.starts_with(id + ".")) remove(entry.id);
    } else if (event || symbols_.find(id) || check_reach(statement.id)) {
        remove(id);
    }
}

}  // namespace rondo
