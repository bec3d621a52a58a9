// read_units.cpp: unit definitions, and what the model as a whole is measured in.
#include "sbml/import.h"

namespace rondo {

namespace {

void read_definition(Import& import, const ::UnitDefinition& from) {
    UnitDefinition to{from.getId(), import.name(from), {}, import.span(from)};
    for (unsigned i = 0; i < from.getNumUnits(); ++i) {
        const ::Unit& unit = *from.getUnit(i);
        std::string kind = ::UnitKind_toString(unit.getKind());
        if (kind == "liter") kind = "litre";  // spellings of Level 1
        if (kind == "meter") kind = "metre";
        to.units.push_back({kind, unit.getExponentAsDouble(), unit.getMultiplier(), unit.getScale()});
        if (unit.isSetOffset() && unit.getOffset() != 0)
            import.diagnostics.warning(to.span, "the offset of unit " + quote(to.id) + " is ignored");
    }
    import.network.units.push_back(std::move(to));
}

// Before Level 3 the model's units are definitions of these names, if it has them.
void set_defaults(Import& import) {
    Network& to = import.network;
    to.substance_units = to.extent_units = import.unit("substance");
    to.time_units = import.unit("time");
    to.volume_units = import.unit("volume");
    to.area_units = import.unit("area");
    to.length_units = import.unit("length");
}

}  // namespace

std::string Import::unit(const std::string& id) const {
    const bool is_base = ::UnitKind_forName(id.c_str()) != ::UNIT_KIND_INVALID;
    return is_base || units_.contains(id) ? id : std::string{};
}

void read_units(Import& import) {
    const ::Model& from = import.model;
    for (unsigned i = 0; i < from.getNumUnitDefinitions(); ++i)
        read_definition(import, *from.getUnitDefinition(i));
    if (import.level() < 3) return set_defaults(import);
    Network& to = import.network;
    to.substance_units = import.unit(from.getSubstanceUnits());
    to.time_units = import.unit(from.getTimeUnits());
    to.volume_units = import.unit(from.getVolumeUnits());
    to.area_units = import.unit(from.getAreaUnits());
    to.length_units = import.unit(from.getLengthUnits());
    to.extent_units = import.unit(from.getExtentUnits());
}

}  // namespace rondo
