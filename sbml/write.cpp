// write.cpp: Network as SBML Level 3 text.
//
// Written directly, because libSBML's writer cuts numbers to 15 digits; the tests hold the result against
// libSBML's consistency check.
#include <algorithm>

#include "sbml/export.h"
#include "sbml/flux_writer.h"
#include "sbml/sbml.h"

namespace rondo {

namespace {

constexpr std::string_view base_units[] = {
    "ampere",    "avogadro", "becquerel", "candela", "coulomb", "dimensionless", "farad",
    "gram",      "gray",     "henry",     "hertz",   "item",    "joule",         "katal",
    "kelvin",    "kilogram", "litre",     "lumen",   "lux",     "metre",         "mole",
    "newton",    "ohm",      "pascal",    "radian",  "second",  "siemens",       "sievert",
    "steradian", "tesla",    "volt",      "watt",    "weber"};

bool is_sbo(const std::string& text) {
    return text.size() == 11 && text.starts_with("SBO:") &&
           std::all_of(text.begin() + 4, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void write_function(Export& to, const FunctionDefinition& function) {
    to.begin(Tag("functionDefinition").text("id", function.id).text("name", function.name), function.id);
    write_lambda(function.arguments, *function.body, to.out);
    to.end();
}

void write_parameter(Export& to, const GlobalParameter& parameter) {
    to.element(Tag("parameter")
                   .text("id", parameter.id)
                   .text("name", parameter.name)
                   .value("value", parameter.value)
                   .text("units", to.unit(parameter.units))
                   .flag("constant", parameter.constant),
               parameter.id);
}

void write_initial_assignment(Export& to, const InitialAssignment& assignment) {
    to.out.open(Tag("initialAssignment").text("symbol", assignment.symbol));
    to.math(assignment.math);
    to.out.close();
}

void write_rule(Export& to, const Rule& rule) {
    Tag tag(rule.kind == RuleKind::algebraic ? "algebraicRule"
            : rule.kind == RuleKind::rate    ? "rateRule"
                                             : "assignmentRule");
    tag.text("variable", rule.variable);
    if (to.version > 1) tag.text("id", rule.id).text("name", rule.name);
    to.out.open(tag);
    to.math(rule.math);
    to.out.close();
}

void write_constraint(Export& to, const Constraint& constraint) {
    Tag tag("constraint");
    if (to.version > 1) tag.text("id", constraint.id).text("name", constraint.name);
    to.out.open(tag);
    to.math(constraint.math);
    if (!constraint.message.empty())
        to.out.line("<message><p xmlns=\"http://www.w3.org/1999/xhtml\">" + escape_xml(constraint.message) +
                    "</p></message>");
    to.out.close();
}

Tag document_tag(const Export& to, bool fluxes) {
    const std::string version = std::to_string(to.version);
    Tag tag("sbml");
    tag.text("xmlns", "http://www.sbml.org/sbml/level3/version" + version + "/core");
    if (fluxes)
        tag.text("xmlns:fbc", "http://www.sbml.org/sbml/level3/version1/fbc/version2")
            .text("fbc:required", "false");
    return tag.text("level", "3").text("version", version);
}

Tag model_tag(const Export& to, const FluxWriter& fluxes) {
    const Network& network = to.network;
    Tag tag("model");
    tag.text("id", network.id)
        .text("name", network.name)
        .text("substanceUnits", to.unit(network.substance_units))
        .text("timeUnits", to.unit(network.time_units))
        .text("volumeUnits", to.unit(network.volume_units))
        .text("areaUnits", to.unit(network.area_units))
        .text("lengthUnits", to.unit(network.length_units))
        .text("extentUnits", to.unit(network.extent_units))
        .text("conversionFactor", network.conversion_factor);
    if (fluxes.present()) tag.flag("fbc:strict", false);
    return tag;
}

// Random numbers need a package, which only what is written tells.
std::string with_packages(std::string text) {
    constexpr std::string_view
        root = "<sbml ",
        draw = "/symbols/distrib/",
        package =
            "xmlns:distrib=\"http://www.sbml.org/sbml/level3/version1/distrib/version1\" "
            "distrib:required=\"true\" ";
    if (text.find(draw) != std::string::npos) text.insert(text.find(root) + root.size(), package);
    return text;
}

}  // namespace

Export::Export(const Network& from) : network(from) {
    const auto fast = [](const Reaction& reaction) { return reaction.fast; };
    if (std::ranges::any_of(from.reactions, fast)) version = 1;
    units_.insert(std::begin(base_units), std::end(base_units));
    for (const auto& item : from.units) units_.insert(item.id);
    for (const auto& remark : from.remarks) remarks_[remark.of].push_back(&remark);
    for (const auto& item : from.functions) ids_.insert(item.id);
    for (const auto& item : from.compartments) ids_.insert(item.id);
    for (const auto& item : from.species) ids_.insert(item.id);
    for (const auto& item : from.parameters) ids_.insert(item.id);
    for (const auto& item : from.events) ids_.insert(item.id);
    for (const auto& item : from.reactions) {
        ids_.insert(item.id);
        for (const auto& term : item.reactants) ids_.insert(term.id);
        for (const auto& term : item.products) ids_.insert(term.id);
    }
}

std::string Export::unit(const std::string& id) const {
    return units_.contains(id) ? id : std::string{};
}

std::string Export::fresh_id(std::string wish) {
    while (!ids_.insert(wish).second) wish += "_";
    return wish;
}

std::string Export::said_of(const std::string& id, Tag& tag) const {
    const auto found = remarks_.find(id);
    if (found == remarks_.end()) return {};
    const std::string metaid = "meta_" + (id.empty() ? "model" : id);
    std::string inside = notes_and_annotation(found->second, metaid);
    if (!inside.empty()) tag.text("metaid", metaid);
    for (const Remark* remark : found->second)
        if (remark->property == "sboTerm" && !remark->values.empty() && is_sbo(remark->values[0]))
            tag.text("sboTerm", remark->values[0]);
    return inside;
}

void Export::begin(Tag tag, const std::string& id) {
    const std::string inside = said_of(id, tag);
    out.open(tag);
    if (!inside.empty()) out.line(inside);
}

void Export::element(Tag tag, const std::string& id) {
    const std::string inside = id.empty() ? std::string{} : said_of(id, tag);
    if (inside.empty()) return out.empty(tag);
    out.open(tag);
    out.line(inside);
    out.close();
}

std::string to_sbml(const Network& network) {
    Export to(network);
    FluxWriter fluxes(to);
    to.out.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    to.out.open(document_tag(to, fluxes.present()));
    to.begin(model_tag(to, fluxes), "");
    to.list("listOfFunctionDefinitions", network.functions, write_function);
    write_units(to);
    write_compartments(to);
    write_species(to, fluxes);
    to.list("listOfParameters", fluxes.parameters(), write_parameter);
    to.list("listOfInitialAssignments", fluxes.initial_assignments(), write_initial_assignment);
    to.list("listOfRules", network.rules, write_rule);
    to.list("listOfConstraints", network.constraints, write_constraint);
    write_reactions(to, fluxes);
    write_events(to);
    fluxes.write_objectives();
    to.end();
    to.out.close();
    return with_packages(std::move(to.out).text());
}

}  // namespace rondo
