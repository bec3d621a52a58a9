// Which turns of a quantity count.
#include "runtime/label/turns.h"

#include <gtest/gtest.h>

#include <vector>

namespace rondo {
namespace {

std::vector<double> kept(const std::vector<Turn>& turns, double min_swing) {
    TurnFilter filter;
    std::vector<double> values;
    for (const Turn& turn : turns) {
        if (filter.add(turn, min_swing))
            values.push_back(turn.value);
        else if (filter.last->t == turn.t)
            values.back() = turn.value;  // in place of the one before
    }
    return values;
}

TEST(TurnFilter, SmallSwingsDoNotCount) {
    EXPECT_EQ(kept({{0, 1, true}, {1, 0, false}, {2, 1e-4, true}, {3, -1e-4, false}, {4, 1, true}}, 1e-3),
              (std::vector<double>{1, -1e-4, 1}));
}

// A quantity that creeps up between a trough and its peak, by far more than any swing that counts; its slope
// is lost in noise, and changes its sign.
TEST(TurnFilter, ATroughAboveThePeakBeforeItIsNone) {
    EXPECT_EQ(kept({{0, 5, true},
                    {1, 0, false},
                    {2, 1, true},
                    {3, 2, false},
                    {4, 3, true},
                    {5, 4, false},
                    {6, 5, true}},
                   1e-3),
              (std::vector<double>{5, 0, 5}));
    EXPECT_EQ(kept({{0, 0, false}, {1, 5, true}, {2, 4, false}, {3, 3, true}, {4, 0, false}}, 1e-3),
              (std::vector<double>{0, 5, 0}));
}

}  // namespace
}  // namespace rondo
