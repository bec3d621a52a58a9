// print_unit.cpp: unit definitions, and the units of things, as Antimony.
#include <cmath>

#include "dsl/model/printer.h"
#include "dsl/model/reserved.h"
#include "dsl/model/unit.h"

namespace rondo {

// An id that would read as another unit, or as a word of a formula, gets a `_`.
std::string Printer::unit_id(const std::string& id) {
    const bool kept = is_base_unit(id) || (unit_name(id) == id && !is_reserved_argument(id));
    return kept && id != "or" && id != "and" ? id : id + "_";
}

std::string Printer::unit_text(const std::vector<Unit>& units) {
    std::string text;
    for (const Unit& unit : units) {
        const bool below = unit.exponent < 0;
        text += text.empty() ? (below ? "1 / " : "") : below ? " / " : " * ";
        const double multiplier = unit.multiplier * std::pow(10.0, unit.scale);
        if (multiplier != 1) text += written_number(multiplier) + " ";
        text += unit.kind;
        if (std::abs(unit.exponent) != 1) text += "^" + written_number(std::abs(unit.exponent));
    }
    return text;
}

void Printer::print_units() {
    const std::pair<std::string, const std::string&> defaults[] = {
        {"substance", network_.substance_units}, {"time_unit", network_.time_units},
        {"volume", network_.volume_units},       {"area", network_.area_units},
        {"length", network_.length_units},       {"extent", network_.extent_units},
    };
    std::unordered_set<std::string> printed;
    for (const UnitDefinition& unit : network_.units) {
        std::string text = unit_text(unit.units);
        for (const auto& [name, chosen] : defaults)
            if (unit.id == name && !chosen.empty() && (chosen != name || text.empty()))
                text = unit_id(chosen);
        if (text.empty()) continue;  // is defined by being used
        line("unit " + unit_id(unit.id) + " = " + text);
        print_title(unit_id(unit.id), unit.name);
        printed.insert(unit.id);
    }
    for (const auto& [name, chosen] : defaults)
        if (!chosen.empty() && !printed.contains(name)) line("unit " + name + " = " + unit_id(chosen));
}

void Printer::print_has(const std::string& id, const std::string& units) {
    if (!units.empty()) line(id + " has " + unit_id(units));
}

// Antimony gives a species the unit of its concentration.
void Printer::print_substance(const Species& species) {
    if (species.substance_units.empty()) return;
    if (species.substance_only) return print_has(name(species.id), species.substance_units);
    const auto compartment = compartments_.find(species.compartment);
    std::string volume = compartment == compartments_.end() ? "" : compartment->second->units;
    if (volume.empty()) volume = network_.volume_units.empty() ? "litre" : "volume";
    line(name(species.id) + " has " + unit_id(species.substance_units) + "/" + unit_id(volume));
}

}  // namespace rondo
