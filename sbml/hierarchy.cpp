// hierarchy.cpp: depth first through submodels, each model once.
#include "sbml/hierarchy.h"

#include <sbml/SBMLReader.h>
#include <sbml/packages/comp/common/CompExtensionTypes.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "sbml/guard.h"
#include "sbml/scan.h"

namespace rondo {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 100;

const ::CompSBMLDocumentPlugin* definitions(const ::SBMLDocument& document) {
    return static_cast<const ::CompSBMLDocumentPlugin*>(document.getPlugin("comp"));
}

const ::CompModelPlugin* parts(const ::Model& model) {
    return static_cast<const ::CompModelPlugin*>(model.getPlugin("comp"));
}

// The model of that id in the document itself; its own model if there is no id. Null if it is elsewhere.
const ::Model* find_model(const ::SBMLDocument& document, const std::string& id) {
    const ::Model* own = document.getModel();
    if (id.empty() || (own != nullptr && own->getId() == id)) return own;
    const ::CompSBMLDocumentPlugin* comp = definitions(document);
    return comp == nullptr ? nullptr : comp->getModelDefinition(id);
}

bool is_inside(const fs::path& file, const fs::path& folder) {
    return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first == folder.end();
}

double own_size(const ::Model& model) {
    return 1.0 + model.getNumFunctionDefinitions() + model.getNumUnitDefinitions() +
           model.getNumCompartments() + model.getNumSpecies() + model.getNumParameters() +
           model.getNumInitialAssignments() + model.getNumRules() + model.getNumConstraints() +
           model.getNumReactions() + model.getNumEvents();
}

}  // namespace

Hierarchy::Hierarchy(const fs::path& file, Diagnostics& diagnostics)
    : file_(fs::weakly_canonical(file)), folder_(file_.parent_path()), diagnostics_(diagnostics) {}

bool Hierarchy::admits(const ::SBMLDocument& document, const Places& places) {
    span_ = places.tag(document);
    documents_[file_] = &document;
    size({file_, ""}, 0);
    return admitted_;
}

bool Hierarchy::refuse(const std::string& why) {
    if (admitted_) diagnostics_.error(span_, why);
    return admitted_ = false;
}

const ::SBMLDocument* Hierarchy::load(const std::string& source, const fs::path& from) {
    const auto refused = [&](const std::string& why) {
        refuse("external model definition: '" + source + "' " + why);
        return nullptr;
    };
    if (source.find(':') != std::string::npos)
        return refused("is an address; only files in the model's folder are read");
    const fs::path file = fs::weakly_canonical(from.parent_path() / source);
    if (!is_inside(file, folder_)) return refused("lies outside the model's folder");
    if (const auto known = documents_.find(file); known != documents_.end()) return known->second;
    if (loaded_.size() == most_files) return refused("is one file too many");
    if (!fs::is_regular_file(file)) return refused("is not there");
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    const std::uint32_t number = diagnostics_.sources().add(file.string(), text.str());
    if (!scan_xml(number, diagnostics_)) {
        admitted_ = false;
        return nullptr;
    }
    loaded_.emplace_back(::readSBMLFromString(diagnostics_.sources().text(number).c_str()));
    return documents_[file] = loaded_.back().get();
}

double Hierarchy::size(const Name& name, int depth) {
    if (const auto known = sizes_.find(name); known != sizes_.end()) return known->second;
    const ::Model* model = find_model(*documents_.at(name.first), name.second);
    if (model == nullptr) return 0;
    if (depth > deepest_submodel)
        refuse("submodels are nested deeper than " + std::to_string(deepest_submodel));
    else if (!open_.insert(name).second)
        refuse("model '" + name.second + "' contains itself");
    if (!references_are_known(*model, Places(), diagnostics_)) admitted_ = false;
    if (!admitted_) return 0;
    const double size = size_of(*model, name.first, depth);
    open_.erase(name);
    if (size > largest_whole) refuse("the submodels make a model of more than a million elements");
    return sizes_[name] = size;
}

double Hierarchy::size_of(const ::Model& model, const fs::path& file, int depth) {
    double size = own_size(model);
    const ::CompModelPlugin* comp = parts(model);
    for (unsigned i = 0; comp != nullptr && i < comp->getNumSubmodels() && admitted_; ++i)
        size += size_of_submodel(comp->getSubmodel(i)->getModelRef(), file, depth + 1);
    return size;
}

// What a reference finds in none of the file's own models is in another file, or nowhere: libSBML says so.
double Hierarchy::size_of_submodel(const std::string& reference, const fs::path& file, int depth) {
    const ::SBMLDocument& document = *documents_.at(file);
    if (find_model(document, reference) != nullptr) return size({file, reference}, depth);
    const ::CompSBMLDocumentPlugin* comp = definitions(document);
    const auto* external = comp == nullptr ? nullptr : comp->getExternalModelDefinition(reference);
    if (external == nullptr) return 0;
    if (load(external->getSource(), file) == nullptr) return 0;
    if (depth > deepest_submodel) refuse("external models name one another without end");
    if (!admitted_) return 0;
    const fs::path other = fs::weakly_canonical(file.parent_path() / external->getSource());
    const std::string id = external->getModelRef();
    if (find_model(*documents_.at(other), id) != nullptr) return size({other, id}, depth + 1);
    return id.empty() ? 0 : size_of_submodel(id, other, depth + 1);
}

}  // namespace rondo
