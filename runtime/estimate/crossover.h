// crossover.h: AREX, the adaptive real-coded ensemble crossover.
//
// Source: Akimoto, Nagata, Sakuma, Ono and Kobayashi, Trans. Japanese Society for Artificial Intelligence 24
// (2009) 446; the constants are ours where the work on early-stopped simulations is silent (it names the
// method alone).
#pragma once
#include <span>
#include <vector>

#include "runtime/estimate/search_space.h"
#include "runtime/sample/random.h"

namespace rondo {

struct CrossoverOptions {
    double variance = 0;   // of the random weights; 0: 1 / (parents - 1)
    bool adapt = true;     // of the expansion, by the ranks of the offspring
    double rate = 0;       // of the adaptation; 0: 1 / (5 * coordinates)
    std::size_t best = 0;  // offspring the adaptation looks at; 0: a quarter
    bool redraw =
        false;  // a child outside the space is drawn again, up to 100 times; then, and else, clipped
};

class Crossover {
  public:
    // parents >= 2. The space must outlive it.
    Crossover(const CrossoverOptions&, std::size_t parents, std::size_t offspring, const SearchSpace&);

    struct Children {
        std::vector<std::vector<double>> points;   // [offspring][coordinates]
        std::vector<std::vector<double>> weights;  // [offspring][parents]
    };
    // parents: best first.
    Children cross(std::span<const std::vector<double>> parents, Random&) const;

    // Offspring the adaptation needs to know, best first; 0 without.
    std::size_t ranked() const { return options_.adapt ? options_.best : 0; }
    // weights: of the best ranked() offspring. With fewer valid ones it is not called.
    void adapt(std::span<const std::vector<double>> weights);
    double expansion() const { return expansion_; }

    // The measured spread of the best over the one that ranks without meaning would give; 1 on average then.
    double relative_spread(std::span<const std::vector<double>> weights) const;

  private:
    CrossoverOptions options_;
    std::size_t parents_, offspring_;
    const SearchSpace& space_;
    double expansion_ = 1;
};

}  // namespace rondo
