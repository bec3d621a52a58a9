#include "runtime/estimate/crossover.h"

#include <algorithm>
#include <cmath>

namespace rondo {

Crossover::Crossover(const CrossoverOptions& options, std::size_t parents, std::size_t offspring,
                     const SearchSpace& space)
    : options_(options), parents_(parents), offspring_(offspring), space_(space) {
    if (options_.variance == 0) options_.variance = 1 / static_cast<double>(parents - 1);
    if (options_.rate == 0) options_.rate = 1 / (5 * static_cast<double>(space.size()));
    if (options_.best == 0) options_.best = std::max<std::size_t>(offspring / 4, 1);
}

// q + a * sum e_i (x_i - m): q leans towards the better parents.
Crossover::Children Crossover::cross(std::span<const std::vector<double>> parents, Random& random) const {
    const std::size_t n = parents.front().size();
    const auto mu = static_cast<double>(parents_);
    std::vector<double> mean(n), centre(n);
    for (std::size_t i = 0; i < parents_; ++i) {
        const double lean = 2 * (mu - static_cast<double>(i)) / (mu * (mu + 1));
        for (std::size_t k = 0; k < n; ++k) {
            mean[k] += parents[i][k] / mu;
            centre[k] += lean * parents[i][k];
        }
    }
    const auto draw = [&](std::vector<double>& weights) {
        std::vector<double> point = centre;
        for (std::size_t i = 0; i < parents_; ++i) {
            weights[i] = std::sqrt(options_.variance) * random.normal();
            for (std::size_t k = 0; k < n; ++k)
                point[k] += expansion_ * weights[i] * (parents[i][k] - mean[k]);
        }
        return point;
    };
    Children children;
    for (std::size_t s = 0; s < offspring_; ++s) {
        std::vector<double> weights(parents_), point = draw(weights);
        for (int again = 0; options_.redraw && again < 100 && !space_.contains(point); ++again)
            point = draw(weights);
        space_.clip(point);
        children.points.push_back(std::move(point));
        children.weights.push_back(std::move(weights));
    }
    return children;
}

double Crossover::relative_spread(std::span<const std::vector<double>> weights) const {
    const auto mu = static_cast<double>(parents_), count = static_cast<double>(weights.size());
    double squares = 0, sum = 0;
    for (std::size_t i = 0; i < parents_; ++i) {
        double mean = 0;
        for (const auto& of : weights) mean += of[i] / count;
        squares += mean * mean;
        sum += mean;
    }
    const double spread = (mu - 1) * (squares - sum * sum / mu);
    return spread / (options_.variance * (mu - 1) * (mu - 1) / count);
}

void Crossover::adapt(std::span<const std::vector<double>> weights) {
    const double factor = (1 - options_.rate) + options_.rate * relative_spread(weights);
    expansion_ = std::max(1.0, expansion_ * std::sqrt(factor));
}

}  // namespace rondo
