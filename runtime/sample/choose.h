// choose.h: which rows of a table go on, by a weight or score each has. Tables in, rows out; no learner, no
// oracle. Scores and weights are finite, weights not negative; else Error(input) naming the row.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rondo {

// True for the n highest scores; of equal ones the earlier row. n beyond the number of scores: all.
// Also uncertainty sampling, with what a model is unsure of, or wrong by, as the score.
std::vector<bool> top(std::span<const double> scores, std::size_t n);

// n rows with replacement, each row's chance mix w / sum w + (1 - mix) / rows. All weights 0: every row
// alike. mix in [0, 1]. Item of the random stream: the draw. Source: spec/oscillators.md, sections 3 and 9
// (IS).
std::vector<std::size_t> redraw(std::span<const double> weights, std::size_t n, double mix,
                                std::uint64_t seed);

// How often each row comes up in n draws by weight (a multinomial law).
std::vector<std::size_t> multinomial(std::span<const double> weights, std::size_t n, std::uint64_t seed);

// Weighted reservoir: offered rows come one at a time; each adds its weight w to a running sum W and replaces
// a random one of `size` rows with chance size min(w / W, 1 / size).
// Source: spec/oscillators.md, section 3 (WRS, as coded).
struct Reservoir {
    std::vector<std::size_t> from;  // [size] where each row is from: below size itself, else offered
                                    // row from - size
    std::vector<bool> accepted;     // [offered]; a row accepted may be replaced by a later one
    double sum;                     // W after the last
};
Reservoir reservoir(std::size_t size, std::span<const double> weights, double sum, std::uint64_t seed);

// Determinantal acceptance: rows (embeddings, row-major, `width` numbers each) pass by once; a row that adds
// volume to those accepted is taken more likely, at a rate that aims at n in all. At most n. `scale`: of the
// inverse covariance at the start. Cost: rows width^2.
// Source: Saran, Yousefi, Krishnamurthy, Langford, Ash, "Streaming active learning with deep neural networks"
// (ICML 2023), algorithm 1 (VeSSAL).
std::vector<bool> determinantal(std::span<const double> embeddings, std::size_t width, std::size_t n,
                                double scale, std::uint64_t seed);

}  // namespace rondo
