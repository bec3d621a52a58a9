// qualifiers.h: annotation words: Antimony's, and MIRIAM's as SBML writes them. Private to sbml/.
#pragma once
#include <sbml/annotation/CVTerm.h>

#include <string_view>

namespace rondo {

struct QualifierWord {
    std::string_view word;  // Antimony's; the first of a kind is the one that is read into a network
    bool biological;        // bqbiol, else bqmodel
    int number;             // libSBML's BiolQualifierType_t or ModelQualifierType_t
    std::string_view element;
};

// Null if there is none.
const QualifierWord* qualifier(std::string_view word);
const QualifierWord* qualifier(const ::CVTerm& term);

}  // namespace rondo
