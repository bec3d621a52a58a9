// returns.h: the returns of a run through a section, and whether they have become a cycle.
#pragma once
#include <algorithm>
#include <optional>
#include <span>
#include <vector>

namespace rondo {

// What happened between one upward crossing of the section and the next.
struct Extent {
    double low, high;
    double swing() const { return high - low; }
    void widen(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

struct Cycle {
    double period;
    double swing;  // of the first quantity
};

class Returns {
  public:
    // quantities: how many are observed. section (of start): index of the one whose level is crossed.
    explicit Returns(std::size_t quantities) : quantities_(quantities) {}
    // Forgets all returns.
    void start(std::size_t section);

    // A crossing at `t`; ranges: [quantities] since the crossing before (ignored at the first).
    void add(double t, std::span<const Extent> ranges);

    std::size_t count() const { return times_.empty() ? 0 : times_.size() - 1; }
    double gap(std::size_t k) const { return times_[k + 1] - times_[k]; }
    const Extent& range(std::size_t k, std::size_t quantity) const {
        return ranges_[k * quantities_ + quantity];
    }
    double swing(std::size_t k) const { return range(k, section_).swing(); }
    // Over the last n returns.
    Extent range_of_last(std::size_t n, std::size_t quantity) const;

    // The cycle that the last returns repeat, once three stretches of them in a row agree on its period.
    // noise: relative scatter of a gap that the integration itself makes. convergence: largest relative
    // change of the period still to come.
    std::optional<Cycle> cycle(double noise, double convergence) const;

    // The cycle that returns approach like a geometric series, each nearer to it than the one before: what
    // their gaps and swings tend to, once three such estimates in a row agree on the period within
    // `convergence`, as much as may still come after them counted in.
    std::optional<Cycle> approached(double convergence) const;

  private:
    double length(std::size_t stretch, std::size_t back) const;
    double mean_gap(std::size_t stretch, std::size_t back) const;
    std::optional<double> limit_period(std::size_t stretch, double noise, double convergence) const;
    bool swing_settled(std::size_t stretch) const;
    bool repeats(std::size_t pattern, std::size_t stretch) const;

    std::size_t quantities_, section_ = 0;
    std::vector<double> times_;      // [count + 1]
    std::vector<Extent> ranges_;     // [count][quantities]
    std::vector<double> swing_sum_;  // [count + 1] of the section's quantity, from the first return on
};

}  // namespace rondo
