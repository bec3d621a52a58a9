// clock.h: when time alone will next change what a jump process reads.
#pragma once
#include <vector>

#include "runtime/integrate/modes.h"
#include "runtime/stochastic/process.h"

namespace rondo {

class Clock {
  public:
    explicit Clock(const JumpProcess&);

    // The first time after at.t, to the last bit, at which a timed mode changes while y stays; infinite if
    // none does up to `end`.
    double next(const Situation& at, double end);

    // Has p say of each == and != whose sign turns on the way from `before` to at.t without being met that it
    // holds now; true if there is one. Until release().
    bool meet(const Situation& at, double before);
    void release(const Situation& at);

  private:
    double estimate(const Situation& at, const TimedMode&, std::size_t timed) const;
    double first_difference(const Situation& at, double near);
    void read(const Situation& at, double t, std::vector<double>& modes) const;
    bool differs(const Situation& at, double t);

    const JumpProcess& process_;
    std::vector<double> now_, then_;  // modes
};

}  // namespace rondo
