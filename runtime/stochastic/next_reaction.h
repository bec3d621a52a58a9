// next_reaction.h: the next reaction method: each reaction has a time at which it will fire, kept in a heap,
// and one random number a firing is enough.
//
// A waiting reaction's clock is a rest of an exponential of mean 1, which runs down at the reaction's rate:
// where the rate changes, the time moves; where it is 0, the rest waits.
//
// Source: Gibson and Bruck, J. Phys. Chem. A 104 (2000) 1876; rates of 0 as in Anderson, J. Chem. Phys. 127
// (2007) 214107, section 3.
#pragma once
#include <limits>
#include <vector>

#include "runtime/stochastic/exponential.h"
#include "runtime/stochastic/process.h"

namespace rondo {

class NextReaction {
  public:
    explicit NextReaction(const JumpProcess&);

    // As those of Direct.
    double* rates() { return rates_.data(); }
    void restart(double t, Random&);
    void all_changed(double t);
    double next(double /*t*/, Random&) const {
        return heap_.empty() ? std::numeric_limits<double>::infinity() : clocks_[heap_[0]].time;
    }
    std::size_t choose(Random&) const { return heap_[0]; }
    void fired(std::size_t i, double t, Random&);

  private:
    struct Clock {
        double time = std::numeric_limits<double>::infinity();
        double rate = 0;  // by which `time` was found
        double rest = 0;  // where rate is 0
    };
    void set(std::size_t reaction, double t, double rest);
    void move(std::size_t reaction, double t);
    void sift(std::size_t place);
    void put(std::size_t place, std::uint32_t reaction);

    const JumpProcess& process_;
    std::vector<double> rates_;
    std::vector<Clock> clocks_;
    std::vector<std::uint32_t> heap_, place_;  // reactions; the place of each
};

}  // namespace rondo
