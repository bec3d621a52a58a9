// resolve_unit.cpp: units that statements define, give and use.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "dsl/model/resolver.h"
#include "dsl/model/unit.h"

namespace rondo {

namespace {

std::string full_unit(const std::string& name, const Scope& scope) {
    return scope.prefix + unit_name(name);
}

// "mole_per_litre" for mole/litre; digits and signs as words that an id may hold.
std::string product_name(const UnitTree& unit) {
    std::string above, below;
    for (const UnitFactor& factor : unit) {
        std::string& side = factor.exponent < 0 ? below : above;
        if (!side.empty()) side += "_";
        const auto part = [](double value) {
            char digits[32];
            std::string text(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
            for (char& c : text)
                if (c == '.' || c == '+') c = '_';
            std::replace(text.begin(), text.end(), '-', 'n');
            return text;
        };
        if (factor.multiplier != 1) side += "_" + part(factor.multiplier) + "_";
        side += unit_name(factor.name);
        if (std::abs(factor.exponent) != 1) side += part(std::abs(factor.exponent));
    }
    const std::string name = above.empty() ? "per_" + below : below.empty() ? above : above + "_per_" + below;
    return name;
}

bool equal(const Unit& a, const Unit& b) {
    return a.kind == b.kind && a.exponent == b.exponent && a.multiplier == b.multiplier && a.scale == b.scale;
}

bool equal(const std::vector<Unit>& a, const std::vector<Unit>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Unit& x, const Unit& y) { return equal(x, y); });
}

}  // namespace

// Of a definition, or of a base unit; empty if nobody says what it is.
std::vector<Unit> Resolver::units_named(const std::string& name, const Scope& scope) {
    const std::string full = full_unit(name, scope);
    const auto entry = unit_entries_.find(full);
    if (entry == unit_entries_.end() || !open_units_.insert(full).second) {
        if (is_base_unit(unit_name(name))) return {{.kind = unit_name(name)}};
        return {};
    }
    std::vector<Unit> units = expanded(entry->second->statement->unit, scope);
    open_units_.erase(full);
    return units;
}

std::vector<Unit> Resolver::expanded(const UnitTree& unit, const Scope& scope) {
    std::vector<Unit> result;
    for (const UnitFactor& factor : unit) {
        std::vector<Unit> parts = units_named(factor.name, scope);
        if (parts.empty()) return {};
        for (Unit& part : parts) part.exponent *= factor.exponent;
        if (parts.size() == 1 && parts[0].exponent == factor.exponent)
            parts[0].multiplier *= factor.multiplier;
        else if (factor.multiplier != 1)
            parts.insert(
                parts.begin(),
                {.kind = "dimensionless", .exponent = factor.exponent, .multiplier = factor.multiplier});
        result.insert(result.end(), parts.begin(), parts.end());
    }
    return result;
}

// Those of the numbers in a formula of the main model or of a function.
void Resolver::define_number_units(const Math& math) {
    if (math.op == Op::number && !math.name.empty()) unit_id(math.name, symbols_.scopes[0]);
    for (const MathPtr& argument : math.args) define_number_units(*argument);
}

void Resolver::define_units() {
    for (const auto& entry : symbols_.units)
        unit_entries_[full_unit(entry.statement->id.text, *entry.scope)] = &entry;
    for (const auto& entry : symbols_.units) unit_id(entry.statement->id.text, *entry.scope);
    for (const FunctionDefinition& function : network_.functions) define_number_units(*function.body);
}

// The id to use for the unit `name`, defined on the way.
std::string Resolver::unit_id(const std::string& name, const Scope& scope) {
    const std::string full = full_unit(name, scope);
    const auto entry = unit_entries_.find(full);
    const bool defined = entry != unit_entries_.end();
    if (!defined && is_base_unit(unit_name(name))) return unit_name(name);
    const std::string id = defined ? flat_unit(full) : unit_name(name);
    if (unit_index_.emplace(id, network_.units.size()).second)
        network_.units.push_back({.id = id,
                                  .name = titles_["unit " + full],
                                  .units = units_named(name, scope),
                                  .span = defined ? entry->second->statement->id.span : Span{}});
    return id;
}

std::string Resolver::flat_unit(std::string full) const {
    std::replace(full.begin(), full.end(), '.', '_');
    return full;
}

// The id of a definition with just these units, made if there is none.
std::string Resolver::define(const UnitTree& unit, std::vector<Unit> units, Span span) {
    if (!units.empty())
        for (const UnitDefinition& known : network_.units)
            if (equal(known.units, units)) return known.id;
    std::string id = product_name(unit);
    while (true) {
        const auto known = unit_index_.find(id);
        if (known == unit_index_.end()) break;
        if (equal(network_.units[known->second].units, units)) return id;
        id += '_';
    }
    unit_index_.emplace(id, network_.units.size());
    network_.units.push_back({.id = id, .name = {}, .units = std::move(units), .span = span});
    return id;
}

std::string Resolver::unit_id(const UnitTree& unit, const Scope& scope) {
    const bool alone = unit.size() == 1 && unit[0].multiplier == 1 && unit[0].exponent == 1;
    if (alone) return unit_id(unit[0].name, scope);
    return define(unit, expanded(unit, scope), unit[0].span);
}

std::string Resolver::unit_of(const ModelSymbol& symbol) {
    if (symbol.unit.unit) return unit_id(*symbol.unit.unit, *symbol.unit.scope);
    if (symbol.unit.number) return unit_id(symbol.unit.number->text, *symbol.unit.scope);
    return {};
}

// A species' unit is one of concentration: times its compartment's it is one of substance.
std::string Resolver::substance_unit_of(const ModelSymbol& species) {
    if (!species.unit.unit && !species.unit.number) return {};
    if (species.substance_only) return unit_of(species);
    const Scope& scope = *species.unit.scope;
    UnitTree unit = species.unit.unit ? *species.unit.unit : UnitTree{{.name = species.unit.number->text}};
    const ModelSymbol* compartment = symbols_.find(compartment_of(species));
    std::string volume = compartment ? unit_of(*compartment) : "";
    if (volume.empty()) volume = unit_entries_.contains("volume") ? "volume" : "litre";
    const auto below = std::find_if(unit.begin(), unit.end(), [&](const UnitFactor& factor) {
        return factor.exponent == -1 && factor.multiplier == 1 && unit_name(factor.name) == volume;
    });
    if (below != unit.end())
        unit.erase(below);
    else
        unit.push_back({.name = volume, .span = species.unit.span});
    if (unit.size() == 1 && unit[0].multiplier == 1 && unit[0].exponent == 1)
        return unit_id(unit[0].name, scope);
    if (unit.empty()) return "dimensionless";
    return substance_product(unit, scope);
}

// A base unit or a definition that is the same, if there is one.
std::string Resolver::substance_product(const UnitTree& unit, const Scope& scope) {
    std::vector<Unit> units = expanded(unit, scope);
    if (const auto whole = dimension(units)) {
        for (const char* base : {"mole", "item", "kilogram", "gram", "dimensionless"})
            if (same(*whole, *dimension({{.kind = base}}))) return base;
        for (const UnitDefinition& known : network_.units)
            if (const auto theirs = dimension(known.units); theirs && same(*whole, *theirs)) return known.id;
    }
    return define(unit, std::move(units), unit[0].span);
}

// `unit volume = 1e-3 litre` is the model's default.
void Resolver::set_model_units() {
    const std::pair<const char*, std::string*> defaults[] = {
        {"substance", &network_.substance_units}, {"time_unit", &network_.time_units},
        {"volume", &network_.volume_units},       {"area", &network_.area_units},
        {"length", &network_.length_units},       {"extent", &network_.extent_units},
    };
    for (const auto& [name, target] : defaults) {
        const auto entry = unit_entries_.find(name);
        if (entry == unit_entries_.end()) continue;
        const UnitTree& unit = entry->second->statement->unit;
        const bool alone = unit.size() == 1 && unit[0].multiplier == 1 && unit[0].exponent == 1;
        *target = alone ? unit_id(unit[0].name, symbols_.scopes[0]) : name;
    }
    // Those that are only used come last: no statement can define them.
    std::stable_partition(network_.units.begin(), network_.units.end(),
                          [](const UnitDefinition& unit) { return !unit.units.empty(); });
}

}  // namespace rondo
