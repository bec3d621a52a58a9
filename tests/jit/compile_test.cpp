// Compiled code against the tree-walking oracle.
#include "jit/compile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/support/networks.h"

namespace rondo {
namespace {

using namespace rondo::testing;

// Both add the same terms, but compiled code fuses products into sums: a few roundings of the largest term.
constexpr double tolerance = 1e-12;

std::vector<double> default_parameters(const OdeSystem& system) {
    std::vector<double> p;
    for (const Input& input : system.inputs) p.push_back(input.value);
    p.resize(system.parameter_count());
    return p;
}

// One lane's values of lane-interleaved ones.
std::vector<double> lane_of(const std::vector<double>& values, int lane, int lanes) {
    std::vector<double> one;
    for (std::size_t i = static_cast<std::size_t>(lane); i < values.size(); i += lanes)
        one.push_back(values[i]);
    return one;
}

void expect_near(const std::vector<double>& compiled, const std::vector<double>& walked) {
    ASSERT_EQ(compiled.size(), walked.size());
    double scale = 1;
    for (const double x : walked) scale = std::max(scale, std::isfinite(x) ? std::fabs(x) : 0);
    for (std::size_t i = 0; i < walked.size(); ++i) {
        if (std::isnan(walked[i])) {
            EXPECT_TRUE(std::isnan(compiled[i])) << "entry " << i << " is " << compiled[i];
        } else if (compiled[i] != walked[i]) {
            EXPECT_NEAR(compiled[i], walked[i], tolerance * scale) << "entry " << i;
        }
    }
}

// Every function of the model in every lane, from inputs that differ by lane.
void expect_agreement(std::shared_ptr<const OdeSystem> system, int lanes, int optimize = -1) {
    SCOPED_TRACE(system->id + ", lanes " + std::to_string(lanes));
    CompileOptions options{.lanes = lanes, .outputs = {}, .optimize = optimize};
    for (const Output& output : system->outputs) options.outputs.push_back(output.node);
    const auto model = compile(system, options);
    const std::size_t n = system->states.size(), np = system->parameter_count();
    std::mt19937_64 engine(7);
    std::vector<double> t, p(np * lanes), y(n * lanes), dydt(n * lanes);
    std::vector<double> jacobian(system->jacobian.size() * lanes), outputs(options.outputs.size() * lanes);
    std::uniform_real_distribution<double> around(0.5, 1.5);
    for (int lane = 0; lane < lanes; ++lane) {
        t.push_back(around(engine));
        const auto defaults = default_parameters(*system);
        for (std::size_t i = 0; i < np; ++i) p[i * lanes + lane] = defaults[i] * around(engine);
    }
    const auto given = p;
    const ModelCode& code = model->code();
    code.initialize(t.data(), p.data(), y.data());
    code.rhs(t.data(), y.data(), p.data(), dydt.data());
    code.jacobian(t.data(), y.data(), p.data(), jacobian.data());
    code.outputs(t.data(), y.data(), p.data(), outputs.data());

    const TreeWalker walker{system.get()};
    for (int lane = 0; lane < lanes; ++lane) {
        SCOPED_TRACE("lane " + std::to_string(lane));
        std::vector<double> wp = lane_of(given, lane, lanes), wy(n), wd(n), wj(system->jacobian.size());
        std::vector<double> wo(options.outputs.size());
        walker.initialize(t[lane], wp, wy);
        expect_near(lane_of(p, lane, lanes), wp);
        expect_near(lane_of(y, lane, lanes), wy);
        walker.rhs(t[lane], wy, wp, wd);
        expect_near(lane_of(dydt, lane, lanes), wd);
        walker.jacobian(t[lane], wy, wp, wj);
        expect_near(lane_of(jacobian, lane, lanes), wj);
        evaluate(system->graph, options.outputs, t[lane], wy, wp, wo);
        expect_near(lane_of(outputs, lane, lanes), wo);
    }
}

TEST(Compile, OscillatorsAgreeWithTheOracleInEveryLane) {
    for (const Network& network : {brusselator(), cell_cycle(), mpf(), activator_inhibitor()}) {
        const auto system = std::make_shared<OdeSystem>(lower(network));
        for (const int lanes : {1, 2, 4, 8}) expect_agreement(system, lanes);
    }
}

TEST(Compile, GeneratedNetworksAgreeWithTheOracle) {
    for (const int reactions : {1, 3, 20, 200}) {
        const auto system = std::make_shared<OdeSystem>(lower(generated_network(reactions, 5)));
        for (const int lanes : {1, 4}) expect_agreement(system, lanes, 0);
    }
}

}  // namespace
}  // namespace rondo
