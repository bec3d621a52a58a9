// remark.h: the words of Network::remarks.
#pragma once
#include <optional>
#include <string_view>

namespace rondo {

// A relation of an element to a resource that a URI names (BioModels.net qualifiers).
struct Qualifier {
    std::string_view name;  // as Remark::property: "identity", "isVersionOf", "publication", ...
    std::string_view rdf;   // as RDF's element: "is", "isVersionOf", "isDescribedBy", ...
    bool of_model;          // of bqmodel, not of bqbiol
};

// The qualifier that Antimony calls `word`, by any of its names ("hypernym" is "isVersionOf").
const Qualifier* qualifier_named(std::string_view word);

// The qualifier that RDF calls `rdf`.
const Qualifier* qualifier_of_rdf(std::string_view rdf, bool of_model);

// What is said of the model's or an element's history: notes, created, modified, creator1.name, ...
bool is_history(std::string_view property);

// The SBO term of an element, or that of a reaction's rate.
inline bool is_sbo_term(std::string_view property) {
    return property == "sboTerm" || property == "kineticLaw.sboTerm";
}

}  // namespace rondo
