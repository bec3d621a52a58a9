#include "runtime/estimate/directions.h"

namespace rondo {

std::vector<std::size_t> active_directions(const Slopes& all, const SlopeCode& code) {
    const std::size_t P = code.model().parameter_count(), n = code.model().state_count();
    std::vector<std::size_t> active;
    for (std::size_t k = 0; k < all.count; ++k) {
        bool moves = false;
        for (std::size_t i = 0; i < P; ++i) moves |= code.reads()[i] && all.p[k * P + i] != 0;
        for (std::size_t i = 0; i < n; ++i) moves |= all.y[k * n + i] != 0;
        if (moves) active.push_back(k);
    }
    return active;
}

Slopes select(const Slopes& all, const std::vector<std::size_t>& active) {
    Slopes result{active.size(), {}, {}};
    const auto take = [&](const std::vector<double>& from, std::vector<double>& to) {
        const auto width = static_cast<std::ptrdiff_t>(all.count ? from.size() / all.count : 0);
        for (const std::size_t k : active) {
            const auto begin = from.begin() + static_cast<std::ptrdiff_t>(k) * width;
            to.insert(to.end(), begin, begin + width);
        }
    };
    take(all.p, result.p);
    take(all.y, result.y);
    return result;
}

}  // namespace rondo
