// flatten.cpp: package comp: models made of models become one.
#include <sbml/conversion/ConversionProperties.h>
#include <sbml/packages/comp/common/CompExtensionTypes.h>
#include <sbml/packages/comp/util/CompFlatteningConverter.h>

#include <filesystem>

#include "sbml/hierarchy.h"
#include "sbml/packages.h"

namespace rondo {

namespace {

namespace fs = std::filesystem;

const ::CompSBMLDocumentPlugin* definitions(const ::SBMLDocument& document) {
    return static_cast<const ::CompSBMLDocumentPlugin*>(document.getPlugin("comp"));
}

}  // namespace

bool is_hierarchical(const ::SBMLDocument& document) {
    const ::CompSBMLDocumentPlugin* comp = definitions(document);
    if (comp == nullptr) return false;
    const auto* model = document.getModel() == nullptr
                            ? nullptr
                            : static_cast<const ::CompModelPlugin*>(document.getModel()->getPlugin("comp"));
    return comp->getNumModelDefinitions() + comp->getNumExternalModelDefinitions() > 0 ||
           (model != nullptr && model->getNumSubmodels() + model->getNumPorts() > 0);
}

bool flatten(Document& document, std::uint32_t file, Diagnostics& diagnostics) {
    const fs::path path = fs::absolute(diagnostics.sources().name(file));
    if (!Hierarchy(path, diagnostics).admits(*document.sbml, document.places)) return false;
    // Places in other files cannot be told from those in this one.
    if (definitions(*document.sbml)->getNumExternalModelDefinitions() > 0) document.places = Places();
    document.sbml->setLocationURI("file:" + path.string());
    ::ConversionProperties options;
    options.addOption("flatten comp", true);
    options.addOption("basePath", path.parent_path().string());
    options.addOption("performValidation", true);
    if (document.sbml->convert(options) == ::LIBSBML_OPERATION_SUCCESS) return true;
    const bool said = document.sbml->getNumErrors(::LIBSBML_SEV_ERROR) > 0;
    if (!said)
        diagnostics.error(document.places.tag(*document.sbml), "the submodels cannot be made one model");
    return said;
}

}  // namespace rondo
