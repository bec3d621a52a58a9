// gated.h: a surrogate of two parts. The frequency jumps to 0 where a rhythm ends; one network would have to
// be steep there. So a gate learns the chance of oscillation, and another network the frequency of what does.
#pragma once
#include <vector>

#include "runtime/surrogate/surrogate.h"

namespace rondo {

// Joins trained networks; each list may hold several, whose mean counts (seeds of an ensemble).
// gates: logistic loss, one output, 1 where it oscillates; speeds: squared loss, the roots of `outputs`, in
// that order. validation: held-out rows with the columns of `outputs` (and of features), on which the gate is
// calibrated (logit scaled and shifted to the likeliest) and the uncertainty scaled.
// Throws Error(input): a list empty, other boxes or features among them, fewer than 2 validation rows of a
// kind.
Surrogate join(std::vector<Surrogate> gates, std::vector<Surrogate> speeds,
               const std::vector<std::string>& outputs, const Table& validation, bool hard);

// predict() of such a surrogate.
Table predict_gated(const Surrogate&, const Table& points);

// How far the probabilities and uncertainties of predictions can be believed, against labelled rows.
struct Calibration {
    double brier;  // mean (probability - class)^2
    double gap;    // mean |share of oscillating rows - probability| over ten classes of probability
    double within_one, within_two;  // share of rows whose error is at most one, two uncertainties
};
Calibration calibration(const Table& truth, const Table& predicted, const std::vector<std::string>& outputs);

}  // namespace rondo
