// guard.h: what libSBML's own checks fall over if it is not so. Private to sbml/.
#pragma once
#include "sbml/document.h"

namespace rondo {

// Whether every species that a reaction of `model` takes or makes is there; reports those that are not.
bool references_are_known(const ::Model& model, const Places& places, Diagnostics& diagnostics);

}  // namespace rondo
