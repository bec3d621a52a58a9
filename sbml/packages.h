// packages.h: the packages of Level 3 that a document uses. Private to sbml/.
#pragma once
#include "sbml/document.h"

namespace rondo {

// Keeps what is read: `comp`, `fbc` and the further functions of MathML. Others are refused by name if the
// document requires them, else named in a warning; both are switched off: their elements mean nothing here.
void sort_packages(Document& document, Diagnostics& diagnostics);

// Whether the document has submodels, or models besides its own.
bool is_hierarchical(const ::SBMLDocument& document);

// One model of what was several (package comp), ids as SUBMODEL__ID, by libSBML's converter. What it finds
// wrong is in the document's log.
// Files of external model definitions must lie in the folder of file `file`, or below; each is looked over
// like the document itself before libSBML reads it. Reports otherwise, and returns false.
bool flatten(Document& document, std::uint32_t file, Diagnostics& diagnostics);

}  // namespace rondo
