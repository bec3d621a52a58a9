// resolve_remark.cpp: display names, and what is kept beside the meaning.
#include <algorithm>

#include "dsl/model/remark.h"
#include "dsl/model/resolver.h"
#include "dsl/model/unit.h"

namespace rondo {

// A name that nothing else has makes a parameter, unless it stands in what could not be read.
void Resolver::name_things() {
    for (const auto& entry : symbols_.units)
        titles_.emplace("unit " + entry.scope->prefix + unit_name(entry.statement->id.text), "");
    const auto note = [&](const auto& entries) {
        for (const auto& entry : entries)
            if (!entry.id.empty()) titles_.emplace(entry.id, "");
    };
    note(symbols_.events);
    note(symbols_.constraints);
    note(symbols_.objectives);
    note(symbols_.algebraic);
    note(symbols_.interactions);
    note(symbols_.strands);
    for (const std::string& submodel : symbols_.submodels) titles_.emplace(submodel, "");
    for (const auto& entry : symbols_.names) {
        const std::string unit = "unit " + entry.scope->prefix + unit_name(entry.statement->id.text);
        const bool unit_named = titles_.contains(unit);
        if (ModelSymbol* symbol = symbols_.find(entry.id)) {
            symbol->title = entry.statement->text;
        } else if (titles_.contains(entry.id)) {
            titles_[entry.id] = entry.statement->text;
        } else if (!unit_named && !symbols_.unread.contains(entry.statement->id.text)) {
            symbols_.at(entry.id, entry.statement->id.span).title = entry.statement->text;
        }
        if (unit_named) titles_[unit] = entry.statement->text;
    }
    const auto make_known = [&](const auto& entry) {
        const std::string& id = entry.id;
        if (id.empty() || symbols_.find(id) || titles_.contains(id)) return;
        if (titles_.contains("unit " + entry.scope->prefix + unit_name(entry.statement->of.text))) return;
        if (!symbols_.unread.contains(entry.statement->of.text)) symbols_.at(id, entry.statement->of.span);
    };
    for (const auto& entry : symbols_.remarks) make_known(entry);
}

void Resolver::add_remark(const RemarkStatement& statement, const std::string& of) {
    const Qualifier* qualifier = qualifier_named(statement.property);
    const bool known = qualifier || is_history(statement.property) || is_sbo_term(statement.property);
    const bool relation =
        std::all_of(statement.values.begin(), statement.values.end(),
                    [](const std::string& value) { return value.find(':') != std::string::npos; });
    if (!known && relation && statement.property == "unknown_model_qual")
        diagnostics_->warning(statement.span, "'" + statement.property + "' is no relation that has a name",
                              "it is kept as it is");
    network_.remarks.push_back({of, qualifier ? std::string(qualifier->name) : statement.property,
                                statement.values, statement.span});
}

// Kept as they are written.
void Resolver::build_strands() {
    constexpr const char* words[] = {"gene", "operator", "DNA", "geneProduct"};
    for (const Special& special : symbols_.special) {
        const auto word =
            static_cast<std::size_t>(special.declared) - static_cast<std::size_t>(Declared::gene);
        network_.remarks.push_back({flat(symbols_.find(special.id)->id), words[word], {}, special.span});
    }
    for (const auto& entry : symbols_.strands) {
        const StrandStatement& strand = *entry.statement;
        std::string text = strand.open_start ? "--" : "";
        for (const Name& element : strand.elements)
            text += (&element == &strand.elements[0] ? "" : "--") +
                    flat(symbols_.find(full_name(*entry.scope, element.text))->id);
        if (strand.open_end || strand.elements.size() == 1) text += "--";
        Remark remark{.of = {}, .property = "strand", .values = {text}, .span = entry.span};
        if (!strand.id.empty()) remark.values.push_back(strand.id.text);
        network_.remarks.push_back(std::move(remark));
    }
}

void Resolver::build_remarks() {
    for (const RemarkStatement* remark : outside_remarks_) {
        const auto is_it = [&](const FunctionDefinition& function) { return function.id == remark->of.text; };
        if (std::any_of(network_.functions.begin(), network_.functions.end(), is_it))
            add_remark(*remark, remark->of.text);
    }
    build_strands();
    for (const auto& entry : symbols_.remarks) {
        if (entry.id.empty()) {
            if (entry.scope->prefix.empty()) add_remark(*entry.statement, "");
            continue;
        }
        const ModelSymbol* symbol = symbols_.find(entry.id);
        if (symbol && !symbol->gone)
            add_remark(*entry.statement, flat(symbol->id));
        else if (!symbol && !symbols_.submodels.contains(entry.id))
            add_remark(*entry.statement, flat(entry.id));
    }
    for (const RemarkStatement* remark : outside_remarks_)
        if (remark->of.text == model_.id) add_remark(*remark, "");
}

}  // namespace rondo
