// strata.h: residuals in three strata: which rows a model has learnt, half learnt, not learnt.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace rondo {

enum class VarianceFloor : std::uint8_t {
    coded,  // 1e-6 added to every variance of residual shares w / sum w, as in the authors' code, where it
            // hides all structure of more than a few hundred rows
    scale_free  // a millionth of the residuals' own variance
};

struct Strata {
    std::vector<std::uint8_t> of;  // [rows] 0 low, 1 medium, 2 high
    bool by_mixture = true;        // else by shares: the mixture left fewer than 2 high or 1 medium rows
    std::array<double, 3> mean{};  // residual share of each component; zeros by shares
};

// Fits a mixture of three normal laws to w / sum w and gives each row to its likeliest component; by mean
// they are low, medium, high. Where that leaves fewer than 2 high or 1 medium rows: the top 10 % high, the
// lowest 10 % low. Deterministic: the mixture starts from clusters that start from quantiles; at most 100
// rounds of EM, until the mean log-likelihood gains less than 1e-3 (coded) or 1e-6 (scale-free). Source:
// spec/oscillators.md, sections 3 and 9 (HGGS). w: at least 4, finite, not negative; else Error(input).
Strata strata(std::span<const double> residuals, VarianceFloor = VarianceFloor::coded);

}  // namespace rondo
