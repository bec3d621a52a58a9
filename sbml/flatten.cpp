// flatten.cpp: package comp: models made of models become one.
#include <sbml/SBMLReader.h>
#include <sbml/conversion/ConversionProperties.h>
#include <sbml/packages/comp/common/CompExtensionTypes.h>
#include <sbml/packages/comp/util/CompFlatteningConverter.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "sbml/packages.h"
#include "sbml/scan.h"

namespace rondo {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 100;  // of external model definitions, one naming the next

const ::CompSBMLDocumentPlugin* hierarchy(const ::SBMLDocument& document) {
    return static_cast<const ::CompSBMLDocumentPlugin*>(document.getPlugin("comp"));
}

bool is_inside(const fs::path& file, const fs::path& folder) {
    const auto [end, same] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
    (void)same;
    return end == folder.end();
}

// Follows external model definitions from file to file before libSBML does: nothing outside the folder,
// nothing that a first look would refuse.
class Externals {
  public:
    Externals(const fs::path& folder, Diagnostics& diagnostics)
        : folder_(fs::weakly_canonical(folder)), diagnostics_(diagnostics) {}

    bool check(const ::SBMLDocument& document, const Places& places, const fs::path& folder) {
        const ::CompSBMLDocumentPlugin* comp = hierarchy(document);
        bool good = true;
        for (unsigned i = 0; comp != nullptr && i < comp->getNumExternalModelDefinitions(); ++i) {
            const ::ExternalModelDefinition& definition = *comp->getExternalModelDefinition(i);
            good = follow(definition, places.tag(definition), folder) && good;
        }
        return good;
    }

  private:
    bool follow(const ::ExternalModelDefinition& definition, Span span, const fs::path& folder) {
        const std::string& source = definition.getSource();
        const auto refuse = [&](const std::string& why) {
            diagnostics_.error(span, "external model definition '" + definition.getId() + "': " + why);
            return false;
        };
        if (source.find(':') != std::string::npos)
            return refuse("'" + source + "' is an address, and only files beside the model are read");
        const fs::path file = fs::weakly_canonical(folder / source);
        if (!is_inside(file, folder_)) return refuse("'" + source + "' lies outside the model's folder");
        if (!seen_.insert(file).second) return true;
        if (seen_.size() > most_files)
            return refuse("more than " + std::to_string(most_files) + " files follow one another");
        if (!fs::is_regular_file(file)) return refuse("there is no file '" + source + "'");
        return look_over(file);
    }

    bool look_over(const fs::path& file) {
        std::ostringstream text;
        text << std::ifstream(file, std::ios::binary).rdbuf();
        const std::uint32_t number = diagnostics_.sources().add(file.string(), text.str());
        if (!scan_xml(number, diagnostics_)) return false;
        const std::unique_ptr<::SBMLDocument> document(
            ::readSBMLFromString(diagnostics_.sources().text(number).c_str()));
        const Places places(number, diagnostics_.sources().text(number), 0);
        return check(*document, places, file.parent_path());
    }

    fs::path folder_;
    Diagnostics& diagnostics_;
    std::set<fs::path> seen_;
};

}  // namespace

bool is_hierarchical(const ::SBMLDocument& document) {
    const ::CompSBMLDocumentPlugin* comp = hierarchy(document);
    if (comp == nullptr) return false;
    const auto* model = document.getModel() == nullptr
                            ? nullptr
                            : static_cast<const ::CompModelPlugin*>(document.getModel()->getPlugin("comp"));
    return comp->getNumModelDefinitions() + comp->getNumExternalModelDefinitions() > 0 ||
           (model != nullptr && model->getNumSubmodels() + model->getNumPorts() > 0);
}

bool flatten(Document& document, std::uint32_t file, Diagnostics& diagnostics) {
    const fs::path path = fs::absolute(diagnostics.sources().name(file));
    if (!Externals(path.parent_path(), diagnostics)
             .check(*document.sbml, document.places, path.parent_path()))
        return false;
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
