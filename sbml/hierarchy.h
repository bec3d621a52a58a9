// hierarchy.h: a look at models made of models before libSBML makes them one: which files they come from, how
// large the whole becomes. Private to sbml/.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "sbml/document.h"

namespace rondo {

// A few lines of submodels within submodels can stand for more than fits in memory; libSBML builds them all.
constexpr double largest_whole = 1e6;  // elements
constexpr int deepest_submodel = 100;

class Hierarchy {
  public:
    // `file` is where the document lies: external models must lie in its folder, or below.
    Hierarchy(const std::filesystem::path& file, Diagnostics& diagnostics);

    // Whether libSBML may flatten the document; reports why not: a file outside the folder, an address, a
    // file that is not there or that a first look refuses, a model that contains itself, a whole that is too
    // large.
    bool admits(const ::SBMLDocument& document, const Places& places);

  private:
    // A model by the file it is in and its id ("" is the file's own model).
    using Name = std::pair<std::filesystem::path, std::string>;

    bool refuse(const std::string& why);
    const ::SBMLDocument* load(const std::string& source, const std::filesystem::path& from);
    double size(const Name& name, int depth);
    double size_of(const ::Model& model, const std::filesystem::path& file, int depth);
    double size_of_submodel(const std::string& reference, const std::filesystem::path& file, int depth);

    std::filesystem::path file_, folder_;
    Diagnostics& diagnostics_;
    Span span_;  // of the document
    bool admitted_ = true;
    std::map<std::filesystem::path, const ::SBMLDocument*> documents_;
    std::vector<std::unique_ptr<::SBMLDocument>> loaded_;
    std::map<Name, double> sizes_;
    std::set<Name> open_;
};

}  // namespace rondo
