// Compiled code against the tree-walking oracle.
#include "jit/compile.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <random>
#include <thread>

#include "dsl/syntax/error.h"
#include "tests/support/networks.h"

namespace rondo {
namespace {

using namespace rondo::testing;

// Compiled code does the same operations in the same order, but for whole powers: up to 7 roundings each, of
// a term that may be as large as the largest value.
constexpr double tolerance = 1e-14;

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
        for (const int lanes : {1, 2, 4, 8, 16}) expect_agreement(system, lanes);
    }
}

TEST(Compile, GeneratedNetworksAgreeWithTheOracle) {
    for (const int reactions : {1, 3, 20, 60}) {
        const auto system = std::make_shared<OdeSystem>(lower(generated_network(reactions, 5)));
        for (const int lanes : {1, 2, 4, 8, 16}) expect_agreement(system, lanes);
    }
}

TEST(Compile, EveryEffortAgreesWithTheOracle) {
    const auto system = std::make_shared<OdeSystem>(lower(generated_network(40, 6)));
    for (const int optimize : {0, 1, 2, 3}) expect_agreement(system, 1, optimize);
}

// Thousands of pieces' values cross; at 8 lanes their scratch is too large for the stack.
TEST(Compile, LargeNetworksAgreeWithTheOracle) {
    const auto system = std::make_shared<OdeSystem>(lower(generated_network(2000, 5)));
    for (const int lanes : {1, 8}) expect_agreement(system, lanes, 0);
}

// Initial assignments, rules, held species, conditions and every function, in one network.
Network rich_network() {
    Network n = brusselator();
    n.id = "rich";
    add_parameter(n, "given", std::nan(""));
    n.initial_assignments.push_back({"given", sym("a") + sym("R2") + make_math(Op::time, {}), {}});
    Compartment cell;
    cell.id = "cell";
    cell.size = 2;
    n.compartments.push_back(cell);
    for (const char* id : {"inside", "held"}) {
        add_species(n, id, 3);
        n.species.back().compartment = "cell";
    }
    n.species.back().boundary = true;
    add_reaction(n, "R5", {"inside"}, {}, sym("inside") * sym("held") * sym("given"));
    add_rate_rule(n, "cell", num(0.1) * sym("cell"));
    for (int i = static_cast<int>(Op::plus); i < static_cast<int>(Op::call); ++i) {
        const Op each = static_cast<Op>(i);
        const int arity = info(each).max_arity;
        std::vector<MathPtr> args{sym("X") / num(20), sym("Y") / num(7), sym("b"), sym("a")};
        args.resize(arity < 0 ? 4 : static_cast<std::size_t>(arity));
        const std::string id = "f" + std::to_string(i);
        add_parameter(n, id, 0);
        n.rules.push_back({RuleKind::assignment, id, op(each, args), {}});
    }
    for (const double exponent : {3.0, 7.0, -2.0, 2.5, 1.7, 64.0, 65.0}) {
        const std::string id = "power" + std::to_string(n.parameters.size());
        add_parameter(n, id, 0);
        n.rules.push_back({RuleKind::assignment, id, pow(sym("X") / num(10), exponent), {}});
    }
    const MathPtr between = op(Op::and_, {op(Op::lt, {sym("X"), sym("Y")}), op(Op::not_, {sym("b")})});
    add_parameter(n, "choice", 0);
    n.rules.push_back(
        {RuleKind::assignment, "choice", op(Op::piecewise, {sym("X"), between, num(1), sym("a")}), {}});
    return n;
}

TEST(Compile, EveryOperationAgreesWithTheOracle) {
    const auto system = std::make_shared<OdeSystem>(lower(rich_network()));
    for (const int lanes : {1, 2, 4, 8, 16}) expect_agreement(system, lanes);
}

// One lane calls the C library, which may differ in the last digit (see jit/emit/library.h).
TEST(Compile, ResultsAreTheSameBitsAtEveryWidthAboveOne) {
    const auto system = std::make_shared<OdeSystem>(lower(rich_network()));
    const auto outputs_at = [&](int lanes) {
        CompileOptions options{.lanes = lanes, .outputs = {}, .optimize = -1};
        for (const Output& output : system->outputs) options.outputs.push_back(output.node);
        const auto model = compile(system, options);
        std::vector<double> t(lanes, 0.3), p, y(system->states.size() * lanes),
            out(options.outputs.size() * lanes);
        for (const double value : default_parameters(*system)) p.insert(p.end(), lanes, value);
        model->code().initialize(t.data(), p.data(), y.data());
        model->code().outputs(t.data(), y.data(), p.data(), out.data());
        return lane_of(out, lanes - 1, lanes);
    };
    const std::vector<double> two = outputs_at(2);
    for (const int lanes : {4, 8}) {
        const std::vector<double> several = outputs_at(lanes);
        for (std::size_t i = 0; i < two.size(); ++i) {
            EXPECT_TRUE(two[i] == several[i] || (std::isnan(two[i]) && std::isnan(several[i]))) << i;
        }
    }
}

TEST(Compile, OptionsAreChecked) {
    const auto system = std::make_shared<OdeSystem>(lower(brusselator()));
    const auto message = [&](const CompileOptions& options) -> std::string {
        try {
            compile(system, options);
        } catch (const Error& error) {
            return error.what();
        }
        return "no error";
    };
    EXPECT_EQ(message({.lanes = 3}), "lanes is 3; it must be 1, 2, 4, 8 or 16");
    EXPECT_EQ(message({.optimize = 4}), "optimize is 4; it must be -1 to 3");
}

TEST(Compile, IrIsText) {
    const std::string text = emit_text(lower(brusselator()), {.lanes = 4});
    for (const char* part : {"@initialize", "@rhs", "@jacobian", "@outputs", "fmul <4 x double>"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part;
    }
    EXPECT_EQ(llvm_version().substr(0, 3), "19.");
    EXPECT_FALSE(host_cpu().empty());
}

long resident_kib() {
    std::ifstream status("/proc/self/statm");
    long total = 0, resident = 0;
    status >> total >> resident;
    return resident * sysconf(_SC_PAGESIZE) / 1024;
}

// The first models warm the allocator up. A model's code takes some 16 KiB at least: 190 leaks would show.
TEST(Compile, DestroyedModelsGiveTheirMemoryBack) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "the address sanitizer holds freed memory back; it looks for leaks itself";
#endif
    const auto system = std::make_shared<OdeSystem>(lower(brusselator()));
    for (int i = 0; i < 10; ++i) compile(system);
    const long before = resident_kib();
    for (int i = 0; i < 190; ++i) compile(system);
    EXPECT_LT(resident_kib() - before, 2048);
}

TEST(Compile, ThreadsMayCompileAtOnce) {
    const auto system = std::make_shared<OdeSystem>(lower(brusselator()));
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { expect_agreement(system, 1); });
    for (std::thread& thread : threads) thread.join();
}

// One derivative stands in 1600 entries of the Jacobian: the pieces that only
// store.
TEST(Compile, StoresThatShareAValueAreSpreadOverPieces) {
    constexpr int count = 40;
    Network network = empty_network("shared");
    add_parameter(network, "k", 0.5);
    MathPtr sum = num(0);
    for (int i = 0; i < count; ++i) {
        add_species(network, "S" + std::to_string(i), i);
        sum = std::move(sum) + sym("S" + std::to_string(i));
    }
    for (int i = 0; i < count; ++i)
        add_reaction(network, "R" + std::to_string(i), {}, {"S" + std::to_string(i)}, sym("k") * sum);
    expect_agreement(std::make_shared<const OdeSystem>(lower(network)), 1, 0);
}

}  // namespace
}  // namespace rondo
