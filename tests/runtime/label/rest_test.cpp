// Fixed points found from where a run happens to be.
#include "runtime/label/rest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/compiled.h"
#include "tests/support/networks.h"

namespace rondo {
namespace {

using namespace testing;

// a and b/a is the only fixed point. For small a the equations are singular but for rounding in the slow part
// of the cycle, and in a spike a is nothing beside X.
TEST(RestFinder, HaltsNowhereElse) {
    const auto model = compiled(brusselator(), {"X", "Y"});
    const RestFinder rests(*model);
    const struct {
        double a, b, x, y;
    } cases[] = {{0.000953061817, 10.4127131, 8.35122e-05, 5.32584},
                 {6.50356533e-05, 6.07317099, 1.93275e-05, 3.78115},
                 {6.50356533e-05, 6.07317099, 192317, 3.15811e-05},
                 {0.00136557819, 13.2264198, 37052.5, 0.000356965},
                 {1, 3, 1.2, 2.5},
                 {2.5, 1, 0.1, 4}};
    int found_some = 0;
    for (const auto& [a, b, x, y] : cases) {
        SCOPED_TRACE(x);
        std::vector<double> p(model->parameter_count()), start(2);
        for (std::size_t i = 0; i < p.size(); ++i) p[i] = model->system().inputs[i].value;
        p[*model->system().input("a")] = a;
        p[*model->system().input("b")] = b;
        const std::vector<double> at = {x, y}, scale = {std::max(x, 1e-6 * y), std::max(y, 1e-6 * x)};
        const auto rest = rests.find(at, p, scale);
        if (!rest) continue;
        ++found_some;
        EXPECT_NEAR(rest->y[0], a, 1e-6 * a);
        EXPECT_NEAR(rest->y[1], b / a, 1e-6 * b / a);
        EXPECT_EQ(rest->stable, b < 1 + a * a);
    }
    EXPECT_GE(found_some, 2);
}

TEST(RestFinder, KeepsAwayFromWhatIsKnown) {
    Network three = empty_network("three");
    add_species(three, "X", 2.1);
    const auto x = sym("X");
    add_rate_rule(three, "X", num(-1) * (x - num(1)) * (x - num(2)) * (x - num(3)));
    const auto model = compiled(three, {"X"});
    const RestFinder rests(*model);
    std::vector<double> p(model->parameter_count());
    for (std::size_t i = 0; i < model->system().inputs.size(); ++i) p[i] = model->system().inputs[i].value;
    std::vector<Rest> known;
    std::vector<double> found;
    for (int i = 0; i < 3; ++i) {
        auto rest = rests.find(std::vector<double>{2.1}, p, std::vector<double>{1}, known);
        ASSERT_TRUE(rest) << i;
        found.push_back(rest->y[0]);
        known.push_back(std::move(*rest));
    }
    std::ranges::sort(found);
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(found[static_cast<std::size_t>(i)], i + 1, 1e-9);
}

}  // namespace
}  // namespace rondo
