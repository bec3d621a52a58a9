// qualifiers.cpp: the table of annotation words.
#include "sbml/qualifiers.h"

#include <algorithm>
#include <iterator>

namespace rondo {

namespace {

constexpr QualifierWord table[] = {
    {"identity", true, ::BQB_IS, "is"},
    {"biological_entity_is", true, ::BQB_IS, "is"},
    {"hasPart", true, ::BQB_HAS_PART, "hasPart"},
    {"part", true, ::BQB_HAS_PART, "hasPart"},
    {"isPartOf", true, ::BQB_IS_PART_OF, "isPartOf"},
    {"parthood", true, ::BQB_IS_PART_OF, "isPartOf"},
    {"isVersionOf", true, ::BQB_IS_VERSION_OF, "isVersionOf"},
    {"hypernym", true, ::BQB_IS_VERSION_OF, "isVersionOf"},
    {"biological_system", true, ::BQB_IS_VERSION_OF, "isVersionOf"},
    {"hasVersion", true, ::BQB_HAS_VERSION, "hasVersion"},
    {"version", true, ::BQB_HAS_VERSION, "hasVersion"},
    {"isHomologTo", true, ::BQB_IS_HOMOLOG_TO, "isHomologTo"},
    {"homolog", true, ::BQB_IS_HOMOLOG_TO, "isHomologTo"},
    {"isDescribedBy", true, ::BQB_IS_DESCRIBED_BY, "isDescribedBy"},
    {"description", true, ::BQB_IS_DESCRIBED_BY, "isDescribedBy"},
    {"isEncodedBy", true, ::BQB_IS_ENCODED_BY, "isEncodedBy"},
    {"encoder", true, ::BQB_IS_ENCODED_BY, "isEncodedBy"},
    {"encodes", true, ::BQB_ENCODES, "encodes"},
    {"encodement", true, ::BQB_ENCODES, "encodes"},
    {"occursIn", true, ::BQB_OCCURS_IN, "occursIn"},
    {"container", true, ::BQB_OCCURS_IN, "occursIn"},
    {"hasProperty", true, ::BQB_HAS_PROPERTY, "hasProperty"},
    {"property", true, ::BQB_HAS_PROPERTY, "hasProperty"},
    {"isPropertyOf", true, ::BQB_IS_PROPERTY_OF, "isPropertyOf"},
    {"propertyBearer", true, ::BQB_IS_PROPERTY_OF, "isPropertyOf"},
    {"hasTaxon", true, ::BQB_HAS_TAXON, "hasTaxon"},
    {"taxon", true, ::BQB_HAS_TAXON, "hasTaxon"},
    {"model_entity_is", false, ::BQM_IS, "is"},
    {"model_source", false, ::BQM_IS, "is"},
    {"publication", false, ::BQM_IS_DESCRIBED_BY, "isDescribedBy"},
    {"isDerivedFrom", false, ::BQM_IS_DERIVED_FROM, "isDerivedFrom"},
    {"origin", false, ::BQM_IS_DERIVED_FROM, "isDerivedFrom"},
    {"isInstanceOf", false, ::BQM_IS_INSTANCE_OF, "isInstanceOf"},
    {"class", false, ::BQM_IS_INSTANCE_OF, "isInstanceOf"},
    {"hasInstance", false, ::BQM_HAS_INSTANCE, "hasInstance"},
    {"instance", false, ::BQM_HAS_INSTANCE, "hasInstance"},
};

template <class Test>
const QualifierWord* find(Test test) {
    const auto found = std::find_if(std::begin(table), std::end(table), test);
    return found == std::end(table) ? nullptr : found;
}

}  // namespace

const QualifierWord* qualifier(std::string_view word) {
    return find([&](const QualifierWord& row) { return row.word == word; });
}

const QualifierWord* qualifier(const ::CVTerm& term) {
    const bool biological = term.getQualifierType() == ::BIOLOGICAL_QUALIFIER;
    const int number = biological ? static_cast<int>(term.getBiologicalQualifierType())
                                  : static_cast<int>(term.getModelQualifierType());
    return find(
        [&](const QualifierWord& row) { return row.biological == biological && row.number == number; });
}

}  // namespace rondo
