// score.h: how far predictions are from the truth.
#pragma once
#include <string>
#include <vector>

#include "runtime/table/table.h"

namespace rondo {

// Over rows i and outputs s of truth y and prediction z. Source: spec/oscillators.md, section 3 (HGGS).
struct Score {
    double rmse;        // sqrt(mean_i (mean_s |z_is - y_is|)^2): the authors' code, the published numbers
    double rmse_norm;   // sqrt(mean_i sum_s (z_is - y_is)^2): the paper's text
    double mean_error;  // mean_i mean_s |z_is - y_is|
};

// Tables of equal length with the `outputs` columns; at least one row, all finite.
Score score(const Table& truth, const Table& predicted, const std::vector<std::string>& outputs);

}  // namespace rondo
