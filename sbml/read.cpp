// read.cpp: a text as a Network: looked over, parsed by libSBML, flattened, and read part by part.
#include <exception>
#include <optional>

#include "sbml/import.h"
#include "sbml/read_math.h"
#include "sbml/sbml.h"
#include "sbml/scan.h"

namespace rondo {

namespace {

// The grammar of Level 1 nests a formula as deep as it is long.
constexpr std::size_t longest_formula = 20000;

}  // namespace

Import::Import(const ::Model& from, const Places& places, Diagnostics& findings)
    : model(from), diagnostics(findings), places_(places) {
    for (unsigned i = 0; i < from.getNumUnitDefinitions(); ++i)
        units_.insert(from.getUnitDefinition(i)->getId());
    for (unsigned i = 0; i < from.getNumRules(); ++i) ruled_.insert(from.getRule(i)->getVariable());
}

MathPtr Import::formula(const ::ASTNode* node, const ::SBase& element, const std::string& what) {
    return node == nullptr ? nullptr : read_math(*node, {span(element), what}, diagnostics);
}

bool Import::too_long(const std::string& formula, const ::SBase& element, const std::string& what) {
    if (formula.size() <= longest_formula) return false;
    diagnostics.error(span(element), "the formula is longer than " + std::to_string(longest_formula) +
                                         " characters, in " + what);
    return true;
}

std::string Import::fresh_id(std::string wish) {
    const auto taken = [&](const std::string& id) {
        return made_.contains(id) || const_cast<::Model&>(model).getElementBySId(id) != nullptr;
    };
    while (taken(wish)) wish += "_";
    made_.insert(wish);
    return wish;
}

namespace {

Network read_document(const Document& document, Diagnostics& diagnostics) {
    const ::Model* model = document.sbml->getModel();
    if (model == nullptr) {
        diagnostics.error(document.places.tag(*document.sbml), "the document has no model");
        return {};
    }
    Import import(*model, document.places, diagnostics);
    import.network.id = model->getId();
    import.network.name = import.name(*model);
    for (const auto part : {read_units, read_elements, read_rules, read_reactions, read_events,
                            read_flux_balance, read_remarks})
        part(import);
    return std::move(import.network);
}

}  // namespace

// libSBML throws where it cannot build an element, for instance of a level that there is not.
Network read_sbml(std::uint32_t file, Diagnostics& diagnostics) {
    if (!scan_xml(file, diagnostics)) return {};
    try {
        const std::optional<Document> document = open_document(file, diagnostics);
        return document ? read_document(*document, diagnostics) : Network{};
    } catch (const std::exception& problem) {
        diagnostics.error({file, 0, 0}, std::string("libSBML gives up: ") + problem.what());
        return {};
    }
}

}  // namespace rondo
