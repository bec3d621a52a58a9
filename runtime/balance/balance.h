// balance.h: flux balance analysis: the rates of reactions that keep every amount as it is, within their
// bounds, and make a sum of rates as large (or small) as can be. Kinetic laws play no part.
// Source: Orth, Thiele, Palsson 2010, "What is flux balance analysis?"; SBML package fbc, versions 1 and 2.
#pragma once
#include <string>
#include <vector>

#include "runtime/simulate/model.h"

namespace rondo {

struct Balance {
    std::string objective;      // the id of what was optimised; may be empty
    double value;               // of the objective
    std::vector<double> rates;  // [network().reactions]
    std::string failure;        // why there is no best; empty if there is one. Then the numbers are NaN
};

// Bounds and stoichiometries have the values that the model starts with. Without a bound below, an
// irreversible reaction has 0. Boundary and constant species need no balance.
// Where several sets of rates are best, the same one is found each time, on any machine of one kind.
//
// Throws Error(input): no objective (the active one counts, else the first), a bound or a stoichiometry
// without a value.
Balance balance(const Model&);

}  // namespace rondo
