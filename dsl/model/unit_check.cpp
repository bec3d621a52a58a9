// unit_check.cpp: units of formulas, from the leaves up.
#include "dsl/model/unit_check.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "dsl/model/unit.h"

namespace rondo {

namespace {

using Known = std::optional<Dimension>;  // none: unknown, or any

std::string shown(const Dimension& dimension) {
    const auto number = [](double value) {
        char digits[32];
        return std::string(
            digits, std::to_chars(digits, digits + sizeof digits, value, std::chars_format::general, 6).ptr);
    };
    std::string text;
    for (const auto& [axis, power] : dimension.powers)
        text += (text.empty() ? "" : " ") + axis + (power == 1 ? "" : "^" + number(power));
    if (text.empty()) text = "dimensionless";
    return std::abs(dimension.scale - 1) < 1e-9 ? text : number(dimension.scale) + " " + text;
}

class UnitChecker {
  public:
    UnitChecker(const Network& network, Diagnostics& diagnostics)
        : network_(network), diagnostics_(&diagnostics) {}

    void run() {
        for (const UnitDefinition& unit : network_.units)
            definitions_.emplace(unit.id, dimension(unit.units));
        add_symbols();
        for (const InitialAssignment& item : network_.initial_assignments)
            check(of(item.symbol), *item.math, item.span, "'" + item.symbol + "'");
        for (const Rule& rule : network_.rules) {
            if (rule.kind == RuleKind::assignment)
                check(of(rule.variable), *rule.math, rule.span, "'" + rule.variable + "'");
            else if (rule.kind == RuleKind::rate)
                check(ratio(of(rule.variable), time_), *rule.math, rule.span,
                      "the rate of '" + rule.variable + "'");
            else
                of(*rule.math);
        }
        for (const Event& event : network_.events)
            for (const EventAssignment& item : event.assignments)
                check(of(item.variable), *item.math, item.span, "'" + item.variable + "'");
        const Known extent =
            named(network_.extent_units.empty() ? network_.substance_units : network_.extent_units);
        for (const Reaction& reaction : network_.reactions)
            if (reaction.kinetic_law && reaction.local_parameters.empty())
                check(ratio(extent, time_), *reaction.kinetic_law, reaction.kinetic_law->span,
                      "the rate of '" + reaction.id + "'");
    }

  private:
    Known named(const std::string& unit) const {
        if (unit.empty()) return {};
        const auto defined = definitions_.find(unit);
        Known known = defined != definitions_.end() ? defined->second : dimension({{.kind = unit}});
        if (known) known->powers.erase("item");
        return known;
    }

    static Known ratio(const Known& above, const Known& below) {
        return above && below ? Known(product(*above, *below, -1)) : std::nullopt;
    }

    void add_symbols() {
        time_ = named(network_.time_units);
        std::unordered_map<std::string_view, Known> volumes;
        for (const Compartment& compartment : network_.compartments) {
            const bool volume = compartment.dimensions == 3 && compartment.units.empty();
            volumes[compartment.id] = symbols_[compartment.id] =
                named(volume ? network_.volume_units : compartment.units);
        }
        for (const Species& species : network_.species) {
            const Known amount =
                named(species.substance_units.empty() ? network_.substance_units : species.substance_units);
            symbols_[species.id] =
                species.substance_only ? amount : ratio(amount, volumes[species.compartment]);
        }
        for (const GlobalParameter& parameter : network_.parameters)
            symbols_[parameter.id] = named(parameter.units);
    }

    Known of(const std::string& id) const {
        const auto known = symbols_.find(id);
        return known == symbols_.end() ? std::nullopt : known->second;
    }

    void check(const Known& target, const Math& math, Span span, const std::string& what) {
        const Known value = of(math);
        if (!target || !value || same(*target, *value)) return;
        diagnostics_->warning(span, "the units of " + what + " and of its formula differ: " + shown(*target) +
                                        " and " + shown(*value));
    }

    // Terms of a sum or a comparison have one unit.
    Known alike(const Math& math, const std::vector<Known>& terms) {
        Known first;
        for (const Known& term : terms) {
            if (!term) continue;
            if (!first) first = term;
            if (same(*first, *term)) continue;
            diagnostics_->warning(math.span,
                                  "the units of the terms differ: " + shown(*first) + " and " + shown(*term));
            return {};
        }
        const bool whole =
            std::all_of(terms.begin(), terms.end(), [](const Known& term) { return term.has_value(); });
        return whole ? first : std::nullopt;
    }

    static Known power(const Math& math, const Known& base) {
        if (!base) return {};
        if (base->powers.empty() && base->scale == 1) return base;
        if (math.args[1]->op != Op::number) return {};
        return product({}, *base, math.args[1]->value);
    }

    Known of(const Math& math) {
        std::vector<Known> terms;
        for (const MathPtr& argument : math.args) terms.push_back(of(*argument));
        switch (math.op) {
            case Op::symbol: return of(math.name);
            case Op::number: return named(math.name);
            case Op::time: return time_;
            case Op::plus:
            case Op::minus:
            case Op::min:
            case Op::max: return alike(math, terms);
            case Op::negate:
            case Op::abs: return terms[0];
            case Op::times: return whole_product(terms);
            case Op::divide: return ratio(terms[0], terms[1]);
            case Op::power: return power(math, terms[0]);
            case Op::sqrt: return terms[0] ? Known(product({}, *terms[0], 0.5)) : std::nullopt;
            case Op::eq:
            case Op::neq:
            case Op::lt:
            case Op::leq:
            case Op::gt:
            case Op::geq: alike(math, terms); return {};
            default: return {};
        }
    }

    static Known whole_product(const std::vector<Known>& terms) {
        Dimension result;
        for (const Known& term : terms) {
            if (!term) return {};
            result = product(result, *term);
        }
        return result;
    }

    const Network& network_;
    Diagnostics* diagnostics_;
    std::unordered_map<std::string_view, Known> definitions_, symbols_;
    Known time_;
};

}  // namespace

void check_units(const Network& network, Diagnostics& diagnostics) {
    UnitChecker(network, diagnostics).run();
}

}  // namespace rondo
