// Prediction: known values, one point at a time, and what lies outside.
#include <bit>

#include "tests/runtime/support.h"
#include "tests/runtime/surrogate/example.h"

namespace rondo {
namespace {

const double nan = std::nan("");

// z = 2 relu(batch_norm(3 u - 1)) + 0.5, u = x / 4, batch norm (v - 0.25) / sqrt(variance + epsilon) * 8 - 1
Surrogate by_hand() {
    Surrogate surrogate;
    surrogate.box.axes = {{"x", 0, 4}};
    surrogate.outputs = {"z"};
    const double variance = 4 - norm_epsilon;  // so that the square root is 2
    surrogate.layers = {{1, 1, {3}, {-1}, true, {0.25}, {variance}, {8}, {-1}, Activation::relu},
                        {1, 1, {2}, {0.5}, false, {}, {}, {}, {}, Activation::none}};
    return surrogate;
}

Table column(const std::string& name, std::vector<double> values) {
    Table table;
    table.set(name, std::move(values));
    return table;
}

TEST(Predict, FollowsTheFormulaOfEachLayer) {
    const Table points = predict(by_hand(), column("x", {0, 4, 2}));
    EXPECT_EQ(points.names(), (std::vector<std::string>{"x", "z"}));
    const auto z = points.numbers("z");
    EXPECT_DOUBLE_EQ(z[0], 0.5);  // below the kink
    EXPECT_DOUBLE_EQ(z[1], 2 * (1.75 * 4 - 1) + 0.5);
    EXPECT_DOUBLE_EQ(z[2], 2 * (0.25 * 4 - 1) + 0.5);
}

TEST(Predict, AColumnOfAnOutputsNameIsReplaced) {
    Table points = column("z", {7});
    points.set("x", std::vector<double>{4});
    EXPECT_EQ(predict(by_hand(), points).names(), (std::vector<std::string>{"z", "x"}));
    EXPECT_DOUBLE_EQ(predict(by_hand(), points).numbers("z")[0], 12.5);
}

TEST(Predict, NoPointsGiveNoRows) {
    const Table none = predict(by_hand(), column("x", {}));
    EXPECT_EQ(none.rows(), 0u);
    EXPECT_NE(none.find("z"), nullptr);
}

TEST(Predict, NaNStaysWithItsPoint) {
    const auto z = predict(by_hand(), column("x", {4, nan, 4}));
    EXPECT_DOUBLE_EQ(z.numbers("z")[0], 12.5);
    EXPECT_TRUE(std::isnan(z.numbers("z")[1]));
    EXPECT_DOUBLE_EQ(z.numbers("z")[2], 12.5);
}

TEST(Predict, PointsOutsideAreExtrapolatedAndCounted) {
    const Table points = column("x", {-1, 0, 4, 8, nan});
    EXPECT_DOUBLE_EQ(predict(by_hand(), points).numbers("z")[3], 2 * (4.75 * 4 - 1) + 0.5);
    const auto out = outside(by_hand().box, points);
    EXPECT_EQ(std::count(out.begin(), out.end(), true), 2);
}

TEST(Predict, BitsOfAPointDoNotDependOnTheOthers) {
    const Surrogate surrogate = random_surrogate(1);
    const Table points = uniform(surrogate.box, 200, 5);
    const Table together = predict(surrogate, points);
    for (std::size_t row = 0; row < points.rows(); ++row) {
        const Table alone = predict(surrogate, points.slice(row, row + 1));
        for (const std::string& name : surrogate.outputs) {
            ASSERT_EQ(std::bit_cast<std::uint64_t>(alone.numbers(name)[0]),
                      std::bit_cast<std::uint64_t>(together.numbers(name)[row]))
                << name << " of row " << row;
        }
    }
}

TEST(Predict, AMissingColumnIsNamed) {
    EXPECT_EQ(message_of([] { predict(by_hand(), column("X", {1})); }),
              "there is no column 'x'; did you mean 'X'?");
}

}  // namespace
}  // namespace rondo
