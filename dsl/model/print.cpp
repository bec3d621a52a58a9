// print.cpp: networks as Antimony; names and formulas.
#include "dsl/model/print.h"

#include <cmath>

#include "dsl/model/formula.h"
#include "dsl/model/printer.h"
#include "dsl/model/reserved.h"

namespace rondo {

std::string quoted(std::string_view text) {
    const bool lines = text.find('\n') != std::string_view::npos &&
                       text.find("```") == std::string_view::npos && !text.ends_with('`');
    std::string result = lines ? "```" : "\"";
    for (const char c : text) {
        if (c == '\\' || (c == '"' && !lines)) result += '\\';
        result += !lines && (c == '\n' || c == '\r') ? ' ' : c;
    }
    return result + (lines ? "```" : "\"");
}

std::string written_number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "INF" : "-INF";
    return to_text(*make_number(value));
}

std::string Printer::print() {
    for (const auto& function : network_.functions) print(function);
    const std::string id = network_.id.empty() || network_.id == "__main" ? "" : name(network_.id);
    if (!id.empty()) out_ += (main_ ? "model *" : "model ") + id + "\n";
    print_body();
    if (!id.empty()) out_ += "end\n";
    if (!id.empty() && !network_.name.empty()) out_ += id + " is " + quoted(network_.name) + "\n";
    return std::move(out_);
}

void Printer::print_body() {
    print_units();
    for (const auto& compartment : network_.compartments) print(compartment);
    for (const auto& species : network_.species) print(species);
    for (const auto& parameter : network_.parameters) print(parameter);
    for (const auto& reaction : network_.reactions) print(reaction);
    for (const auto& assignment : network_.initial_assignments) print(assignment);
    for (const auto& rule : network_.rules) print(rule);
    for (const auto& event : network_.events) print(event);
    for (const auto& constraint : network_.constraints) print(constraint);
    print_flux_bounds();
    for (const auto& objective : network_.objectives)
        if (objective.active || network_.objectives.size() == 1) print(objective);
    if (!network_.conversion_factor.empty())
        line("model.conversionFactor = " + name(network_.conversion_factor));
    print_remarks();
}

// ---- names ----

void Printer::choose_names() {
    const auto take = [&](const auto& items) {
        for (const auto& item : items) taken_.insert(item.id);
    };
    take(network_.functions);
    take(network_.compartments);
    take(network_.species);
    take(network_.parameters);
    take(network_.reactions);
    take(network_.events);
    take(network_.constraints);
    for (const auto& reaction : network_.reactions) {
        take(reaction.reactants);
        take(reaction.products);
    }
    for (const auto& compartment : network_.compartments) compartments_.emplace(compartment.id, &compartment);
    for (const auto& rule : network_.rules) {
        if (rule.kind != RuleKind::algebraic)
            moved_.insert(rule.variable);
        else
            for (std::string& id : symbol_names(*rule.math)) in_algebraic_.insert(std::move(id));
    }
    for (const auto& event : network_.events)
        for (const auto& assignment : event.assignments) moved_.insert(assignment.variable);
    for (const auto& assignment : network_.initial_assignments) assigned_.insert(assignment.symbol);
}

std::string Printer::free_name(std::string name) {
    while (taken_.contains(name) || is_reserved(name)) name += '_';
    taken_.insert(name);
    return name;
}

std::string Printer::name(const std::string& id) {
    const std::string ascii = ascii_id(id);
    if (!is_reserved(id) && ascii == id) return id;
    auto& chosen = renamed_[id];
    if (chosen.empty()) chosen = free_name(ascii == id ? id + "_" : ascii);
    return chosen;
}

// With reserved ids replaced, and those in `local` by what they map to.
MathPtr Printer::renamed(const MathPtr& math, const Renames& local) {
    std::vector<MathPtr> args;
    bool same = true;
    for (const MathPtr& argument : math->args) {
        args.push_back(renamed(argument, local));
        same = same && args.back() == argument;
    }
    std::string id = math->name;
    if (math->op == Op::number && !id.empty()) id = unit_id(id);
    if (math->op == Op::symbol || math->op == Op::call) {
        const auto found = math->op == Op::symbol ? local.find(id) : local.end();
        id = found == local.end() ? name(id) : found->second;
    }
    if (same && id == math->name) return math;
    return std::make_shared<const Math>(Math{math->op, math->value, id, std::move(args), math->span});
}

std::string Printer::text(const MathPtr& math, const Renames& local) {
    return to_text(*renamed(math, local));
}

void Printer::print_title(const std::string& id, const std::string& title) {
    if (!title.empty()) line(id + " is " + quoted(title));
}

std::string to_antimony(const Network& network) {
    return Printer(network, true).print();
}

std::string to_antimony_module(const Network& network) {
    return Printer(network, false).print();
}

}  // namespace rondo
