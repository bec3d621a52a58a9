// remark.cpp: the table of qualifiers.
#include "dsl/model/remark.h"

#include <algorithm>

namespace rondo {

namespace {

constexpr Qualifier qualifiers[] = {
    {"identity", "is", false},
    {"hasPart", "hasPart", false},
    {"isPartOf", "isPartOf", false},
    {"isVersionOf", "isVersionOf", false},
    {"hasVersion", "hasVersion", false},
    {"isHomologTo", "isHomologTo", false},
    {"isDescribedBy", "isDescribedBy", false},
    {"isEncodedBy", "isEncodedBy", false},
    {"encodes", "encodes", false},
    {"occursIn", "occursIn", false},
    {"hasProperty", "hasProperty", false},
    {"isPropertyOf", "isPropertyOf", false},
    {"hasTaxon", "hasTaxon", false},
    {"model_entity_is", "is", true},
    {"publication", "isDescribedBy", true},
    {"isDerivedFrom", "isDerivedFrom", true},
    {"isInstanceOf", "isInstanceOf", true},
    {"hasInstance", "hasInstance", true},
};

struct Alias {
    std::string_view word, name;
};

constexpr Alias aliases[] = {
    {"biological_entity_is", "identity"},
    {"part", "hasPart"},
    {"parthood", "isPartOf"},
    {"hypernym", "isVersionOf"},
    {"biological_system", "isVersionOf"},
    {"version", "hasVersion"},
    {"homolog", "isHomologTo"},
    {"description", "isDescribedBy"},
    {"encoder", "isEncodedBy"},
    {"encodement", "encodes"},
    {"container", "occursIn"},
    {"property", "hasProperty"},
    {"propertyBearer", "isPropertyOf"},
    {"taxon", "hasTaxon"},
    {"model_source", "model_entity_is"},
    {"origin", "isDerivedFrom"},
    {"class", "isInstanceOf"},
    {"instance", "hasInstance"},
};

}  // namespace

const Qualifier* qualifier_named(std::string_view word) {
    const auto alias =
        std::find_if(std::begin(aliases), std::end(aliases), [&](const Alias& a) { return a.word == word; });
    if (alias != std::end(aliases)) word = alias->name;
    const auto row = std::find_if(std::begin(qualifiers), std::end(qualifiers),
                                  [&](const Qualifier& q) { return q.name == word; });
    return row == std::end(qualifiers) ? nullptr : &*row;
}

const Qualifier* qualifier_of_rdf(std::string_view rdf, bool of_model) {
    const auto row = std::find_if(std::begin(qualifiers), std::end(qualifiers),
                                  [&](const Qualifier& q) { return q.rdf == rdf && q.of_model == of_model; });
    return row == std::end(qualifiers) ? nullptr : &*row;
}

bool is_history(std::string_view property) {
    return property == "notes" || property == "created" || property == "modified" ||
           property.starts_with("created.") || property.starts_with("modified.") ||
           property.starts_with("creator");
}

}  // namespace rondo
