#include "jit/emit/elimination.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace rondo {
namespace {

TEST(EliminationOrder, HoldsEveryPivotOnce) {
    const auto order = elimination_order(3, {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {1, 2}, {2, 0}});
    auto sorted = order;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(sorted, (std::vector<std::uint32_t>{0, 1, 2}));
}

// An arrow matrix fills in entirely if its full row goes first, and not at all if it goes last.
TEST(EliminationOrder, TheFullRowOfAnArrowComesLast) {
    std::vector<Entry> places;
    constexpr std::uint32_t n = 6;
    for (std::uint32_t i = 0; i < n; ++i) places.push_back({i, i});
    for (std::uint32_t i = 1; i < n; ++i) places.insert(places.end(), {{0, i}, {i, 0}});
    const auto order = elimination_order(n, places);
    EXPECT_GE(std::find(order.begin(), order.end(), 0u) - order.begin(), n - 2);
}

}  // namespace
}  // namespace rondo
