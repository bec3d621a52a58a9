#include "runtime/stochastic/moments.h"

namespace rondo {

void Moments::add(std::span<const double> row) {
    const double count = static_cast<double>(++count_);
    for (std::size_t i = 0; i < mean_.size(); ++i) {
        const double away = row[i] - mean_[i];
        mean_[i] += away / count;
        squares_[i] += away * (row[i] - mean_[i]);
    }
}

void Moments::merge(const Moments& other) {
    if (other.count_ == 0) return;
    const double ours = static_cast<double>(count_), theirs = static_cast<double>(other.count_);
    const double share = theirs / (ours + theirs);
    for (std::size_t i = 0; i < mean_.size(); ++i) {
        const double away = other.mean_[i] - mean_[i];
        mean_[i] += away * share;
        squares_[i] += other.squares_[i] + away * away * ours * share;
    }
    count_ += other.count_;
}

double Moments::variance(std::size_t i) const {
    return squares_[i] / (static_cast<double>(count_) - 1);  // 0 / 0 of one
}

}  // namespace rondo
