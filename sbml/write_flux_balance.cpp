// write_flux_balance.cpp: package fbc: parameters that bound reactions, objectives, charges and formulas.
#include <algorithm>
#include <cmath>
#include <limits>

#include "sbml/flux_writer.h"

namespace rondo {

namespace {

// A number, signs and infinities aside.
std::optional<double> number_of(const Math& math) {
    if (math.op == Op::number) return math.value;
    if (math.op == Op::infinity) return std::numeric_limits<double>::infinity();
    if (math.op != Op::negate) return std::nullopt;
    const auto inner = number_of(*math.args[0]);
    return inner ? std::optional(-*inner) : std::nullopt;
}

// "fb_1000", "fb_neg_0_5": an id that reads as its number.
std::string id_of(double value) {
    std::string text = to_text(*make_number(std::fabs(value)));
    std::ranges::replace_if(
        text, [](char c) { return c == '.' || c == '+' || c == '-'; }, '_');
    return (std::signbit(value) ? "fb_neg_" : "fb_") + text;
}

// The tighter of two bounds on one side; of what is no number, the later.
MathPtr tighter(const MathPtr& known, const MathPtr& next, bool lower) {
    if (known == nullptr) return next;
    const auto a = number_of(*known), b = number_of(*next);
    if (!a || !b) return next;
    return (*a > *b) == lower ? known : next;
}

bool is_charge(const std::string& text) {
    const std::size_t digits = text.starts_with('-') ? 1 : 0;
    return text.size() > digits && text.size() < digits + 10 &&
           std::all_of(text.begin() + static_cast<std::ptrdiff_t>(digits), text.end(),
                       [](char c) { return c >= '0' && c <= '9'; });
}

// Elements and counts, as "C6H12O6".
bool is_formula(const std::string& text) {
    return !text.empty() && text[0] >= 'A' && text[0] <= 'Z' &&
           std::ranges::all_of(text, [](unsigned char c) { return c < 128 && std::isalnum(c); });
}

std::vector<std::pair<double, std::string>> gathered(const FluxObjective& objective) {
    std::vector<std::pair<double, std::string>> terms;
    for (const auto& [coefficient, reaction] : objective.terms) {
        const auto known =
            std::ranges::find_if(terms, [&](const auto& term) { return term.second == reaction; });
        if (known == terms.end())
            terms.emplace_back(coefficient, reaction);
        else
            known->first += coefficient;
    }
    return terms;
}

}  // namespace

FluxWriter::FluxWriter(Export& to)
    : to_(to), parameters_(to.network.parameters), initial_assignments_(to.network.initial_assignments) {
    for (const auto& bound : to.network.flux_bounds) add_bound(bound);
    for (const auto& remark : to.network.remarks) add_chemistry(remark);
    for (const auto& [reaction, bounds] : bounds_)
        bounding_[reaction] = {parameter_of(bounds.lower), parameter_of(bounds.upper)};
    present_ = !bounds_.empty() || !to.network.objectives.empty() || !chemistry_.empty();
}

void FluxWriter::add_bound(const FluxBound& bound) {
    Bounds& bounds = bounds_[bound.reaction];
    if (bound.relation != Op::leq) bounds.lower = tighter(bounds.lower, bound.value, true);
    if (bound.relation != Op::geq) bounds.upper = tighter(bounds.upper, bound.value, false);
}

void FluxWriter::add_chemistry(const Remark& remark) {
    if (remark.values.empty() || find_species(to_.network, remark.of) == nullptr) return;
    const std::string& value = remark.values.front();
    if (remark.property == "charge" && is_charge(value)) chemistry_[remark.of].charge = value;
    if (remark.property == "chemicalFormula" && is_formula(value)) chemistry_[remark.of].formula = value;
}

std::string FluxWriter::parameter_of(const MathPtr& value) {
    if (value == nullptr) return {};
    if (value->op == Op::symbol && find_parameter(to_.network, value->name)) return value->name;
    const auto number = number_of(*value);
    if (number && numbers_.contains(*number)) return numbers_.at(*number);
    GlobalParameter made{.id = to_.fresh_id(number ? id_of(*number) : "fb_bound"), .value = number};
    if (number)
        numbers_[*number] = made.id;
    else
        initial_assignments_.push_back({made.id, value, {}});
    parameters_.push_back(made);
    return made.id;
}

void FluxWriter::add_bounds(const std::string& reaction, Tag& tag) const {
    const auto found = bounding_.find(reaction);
    if (found == bounding_.end()) return;
    tag.text("fbc:lowerFluxBound", found->second.first).text("fbc:upperFluxBound", found->second.second);
}

void FluxWriter::add_chemistry(const std::string& species, Tag& tag) const {
    const auto found = chemistry_.find(species);
    if (found == chemistry_.end()) return;
    tag.text("fbc:charge", found->second.charge).text("fbc:chemicalFormula", found->second.formula);
}

void FluxWriter::write_objectives() {
    std::vector<const FluxObjective*> objectives;
    for (const auto& objective : to_.network.objectives)
        if (!objective.terms.empty()) objectives.push_back(&objective);
    if (objectives.empty()) return;
    std::map<const FluxObjective*, std::string> ids;
    for (const auto* objective : objectives)
        ids[objective] = objective->id.empty() ? to_.fresh_id("objective") : objective->id;
    const auto active = std::ranges::find_if(objectives, [](const auto* o) { return o->active; });
    to_.out.open(Tag("fbc:listOfObjectives")
                     .text("fbc:activeObjective", ids[active == objectives.end() ? objectives[0] : *active]));
    for (const auto* objective : objectives) {
        to_.out.open(Tag("fbc:objective")
                         .text("fbc:id", ids[objective])
                         .text("fbc:name", objective->name)
                         .text("fbc:type", objective->maximize ? "maximize" : "minimize"));
        to_.out.open("fbc:listOfFluxObjectives");
        for (const auto& [coefficient, reaction] : gathered(*objective))
            to_.out.empty(Tag("fbc:fluxObjective")
                              .text("fbc:reaction", reaction)
                              .value("fbc:coefficient", coefficient));
        to_.out.close();
        to_.out.close();
    }
    to_.out.close();
}

}  // namespace rondo
