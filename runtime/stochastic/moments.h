// moments.h: mean and variance of many rows of numbers, one pass.
#pragma once
#include <span>
#include <vector>

#include "runtime/table/table.h"

namespace rondo {

// Source: Welford, Technometrics 4 (1962) 419; Chan, Golub, LeVeque, Am. Stat. 37 (1983) 242, to merge.
class Moments {
  public:
    explicit Moments(std::size_t width) : mean_(width), squares_(width) {}
    void add(std::span<const double> row);
    void merge(const Moments& other);
    std::size_t count() const { return count_; }
    Table packed() const;  // for the store, or another process
    static Moments from(const Table& packed);
    double mean(std::size_t i) const { return mean_[i]; }
    double variance(std::size_t i) const;  // of the sample: n - 1; NaN of less than two

  private:
    std::size_t count_ = 0;
    std::vector<double> mean_, squares_;  // squares: sum of those of the distances from the mean
};

}  // namespace rondo
