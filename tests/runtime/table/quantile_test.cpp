#include "runtime/table/quantile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace rondo {

TEST(Quantile, IsLinearBetweenNeighbours) {
    EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0.75), 3.25);
    EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0), 1);
    EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 1), 4);
    EXPECT_DOUBLE_EQ(quantile({7}, 0.3), 7);
}

TEST(Quantile, InfinitiesCountAndNothingHasNone) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(quantile({1, infinity, 2}, 0.5), 2);
    EXPECT_EQ(quantile({1, infinity, 2}, 0.6), infinity);
    EXPECT_EQ(quantile({1, -infinity}, 0.5), -infinity);
    EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
}

}  // namespace rondo
