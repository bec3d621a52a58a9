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

Table Moments::packed() const {
    Table table;
    table.set("mean", mean_);
    table.set("squares", squares_);
    table.set("count", std::vector<double>(mean_.size(), static_cast<double>(count_)));
    return table;
}

Moments Moments::from(const Table& packed) {
    Moments moments(packed.rows());
    moments.mean_ = packed.at("mean").numbers();
    moments.squares_ = packed.at("squares").numbers();
    if (packed.rows() > 0) moments.count_ = static_cast<std::size_t>(packed.numbers("count")[0]);
    return moments;
}

double Moments::variance(std::size_t i) const {
    return squares_[i] / (static_cast<double>(count_) - 1);  // 0 / 0 of one
}

}  // namespace rondo
