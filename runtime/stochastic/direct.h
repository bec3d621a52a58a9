// direct.h: Gillespie's direct method: how long until anything fires, then what it was.
//
// Rates are the leaves of a binary tree of sums: what a firing changes is added up again on the way to the
// root only, and the search goes down from there. A sum is always of its two parts as they are, so rounding
// errors do not gather however long the run.
//
//            1            node i has the children 2 i and 2 i + 1;
//        2       3        the rate of reaction k is node leaves + k
//      4   5   6   7
//
// Source: Gillespie, J. Phys. Chem. 81 (1977) 2340, with the tree in place of his linear search, after
// Gibson and Bruck, J. Phys. Chem. A 104 (2000) 1876, section 5.
#pragma once
#include <algorithm>
#include <bit>
#include <limits>
#include <vector>

#include "runtime/stochastic/exponential.h"
#include "runtime/stochastic/process.h"

namespace rondo {

class Direct {
  public:
    explicit Direct(const JumpProcess& process)
        : leaves_(std::bit_ceil(process.size())), sums_(2 * leaves_), above_(process.size()) {
        for (std::size_t i = 0; i < process.size(); ++i) above_[i] = nodes_above(process.affected(i));
    }

    // [reactions] to be written to; what follows such a change is restart(), all_changed() or fired().
    double* rates() { return sums_.data() + leaves_; }

    void restart(double /*t*/, Random&) { add_up(); }
    void all_changed(double /*t*/) { add_up(); }

    // When the next firing is; infinite if there is none. Drawn anew at each call: what has not fired has no
    // memory.
    double next(double t, Random& random) {
        const double total = sums_[1];
        return total > 0 ? t + exponential(random) / total : std::numeric_limits<double>::infinity();
    }

    // The reaction that fires then. Never one whose rate is 0.
    std::size_t choose(Random& random) const {
        double rest = random.uniform() * sums_[1];
        std::size_t node = 1;
        while (node < leaves_) {
            node *= 2;
            if (rest < sums_[node] || sums_[node + 1] == 0) continue;
            rest -= sums_[node++];
        }
        return node - leaves_;
    }

    // Reaction i has fired, and the rates it affects are new.
    void fired(std::size_t i, double /*t*/, Random&) {
        for (const std::size_t node : above_[i]) sums_[node] = sums_[2 * node] + sums_[2 * node + 1];
    }

  private:
    void add_up() {
        for (std::size_t node = leaves_; --node > 0;) sums_[node] = sums_[2 * node] + sums_[2 * node + 1];
    }

    // Children before their parents.
    std::vector<std::uint32_t> nodes_above(const std::vector<std::uint32_t>& reactions) const {
        std::vector<std::uint32_t> nodes;
        for (const std::size_t reaction : reactions) {
            for (std::size_t node = (leaves_ + reaction) / 2; node > 0; node /= 2)
                nodes.push_back(static_cast<std::uint32_t>(node));
        }
        std::ranges::sort(nodes, std::greater());
        nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
        return nodes;
    }

    std::size_t leaves_;  // a power of two
    std::vector<double> sums_;
    std::vector<std::vector<std::uint32_t>> above_;
};

}  // namespace rondo
