// jit_against_gxx.cpp: the worker of the script of the same name: a generated network's equations as C++, and
// both compiled forms timed and called.
//
//   jit_against_gxx write N            the equations of N reactions as C++, as a person would write them
//   jit_against_gxx compile N          CPU ms that the JIT takes for them (median of several)
//   jit_against_gxx time N LIBRARY     ns a call: JIT, g++ (interleaved, medians), and that results agree
//   jit_against_gxx call N jit|LIBRARY|nothing     100 calls, instrumented alone under callgrind
#include <dlfcn.h>
#include <time.h>
#include <valgrind/callgrind.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <map>
#include <string>

#include "jit/compile.h"
#include "tests/support/networks.h"

namespace {

using namespace rondo;
using rondo::testing::generated_network;
constexpr int counted_calls = 100;

using Rhs = void(const double* t, const double* y, const double* p, double* dydt);

// ---- the equations as C++ ----

// All that generated networks have.
const std::map<Op, std::string> infix{
    {Op::plus, " + "}, {Op::minus, " - "}, {Op::times, " * "}, {Op::divide, " / "}};

std::string cpp(const Math& math, const std::map<std::string, std::string>& names) {
    if (math.op == Op::number) return std::to_string(math.value);
    if (math.op == Op::symbol) return names.at(math.name);
    std::string text = cpp(*math.args[0], names);
    for (std::size_t i = 1; i < math.args.size(); ++i) text += infix.at(math.op) + cpp(*math.args[i], names);
    return math.op == Op::plus ? "(" + text + ")" : text;
}

// Rates once, then sums of them.
void write_rhs(const Network& network, const std::map<std::string, std::string>& names) {
    std::map<std::string, std::string> sums;
    for (std::size_t i = 0; i < network.reactions.size(); ++i) {
        const Reaction& reaction = network.reactions[i];
        const std::string rate = "v" + std::to_string(i);
        std::cout << "    const double " << rate << " = " << cpp(*reaction.kinetic_law, names) << ";\n";
        for (const auto& r : reaction.reactants) sums[r.species] += " - " + rate;
        for (const auto& r : reaction.products) sums[r.species] += " + " + rate;
    }
    for (std::size_t i = 0; i < network.species.size(); ++i) {
        std::string sum = sums[network.species[i].id];
        if (sum.starts_with(" + ")) sum = sum.substr(3);
        std::cout << "    dydt[" << i << "] = " << (sum.empty() ? "0" : sum) << ";\n";
    }
}

// The structurally non-zero entries, from the graph: the derivatives that the JIT compiles too.
void write_jacobian(const OdeSystem& system) {
    const Graph& graph = system.graph;
    const auto name = [&](NodeId id) -> std::string {
        const Node& node = graph[id];
        if (node.op == Op::number) return std::to_string(node.value);
        if (node.op != Op::symbol) return "n" + std::to_string(id);
        return (node.symbol.kind == Symbol::Kind::state ? "y[" : "p[") + std::to_string(node.symbol.index) +
               "]";
    };
    for (const NodeId id : reachable(graph, system.jacobian)) {
        if (graph.is_leaf(id)) continue;
        const auto x = graph.operands(id);
        std::cout << "    const double " << name(id) << " = ";
        if (graph[id].op == Op::negate)
            std::cout << "-" << name(x[0]) << ";\n";
        else if (graph[id].op == Op::power)
            std::cout << name(x[0]) << " * " << name(x[0]) << ";\n";
        else
            std::cout << name(x[0]) << infix.at(graph[id].op) << name(x[1]) << ";\n";
    }
    for (std::size_t i = 0; i < system.jacobian.size(); ++i) {
        std::cout << "    values[" << i << "] = " << name(system.jacobian[i]) << ";\n";
    }
}

void write(const Network& network, const OdeSystem& system) {
    std::map<std::string, std::string> names;
    for (std::size_t i = 0; i < system.states.size(); ++i)
        names[system.states[i]] = "y[" + std::to_string(i) + "]";
    for (std::size_t i = 0; i < system.inputs.size(); ++i) {
        names.emplace(system.inputs[i].id, "p[" + std::to_string(i) + "]");
    }
    const std::string arguments =
        "(const double*, const double* __restrict y, const double* __restrict p, double* __restrict ";
    std::cout << "extern \"C\" void rhs" << arguments << "dydt) {\n";
    write_rhs(network, names);
    std::cout << "}\nextern \"C\" void jacobian" << arguments << "values) {\n";
    write_jacobian(system);
    std::cout << "}\n";
}

// ---- measuring ----

double cpu_seconds() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

Rhs* load(const char* library) {
    void* handle = dlopen(library, RTLD_NOW);
    if (!handle) std::abort();
    return reinterpret_cast<Rhs*>(dlsym(handle, "rhs"));
}

void nothing(const double*, const double*, const double*, double*) {}

struct Point {
    double t = 0;
    std::vector<double> p, y, dydt;
};

Point start(const OdeSystem& system) {
    Point x;
    for (const Input& input : system.inputs) x.p.push_back(input.value);
    x.p.resize(system.parameter_count());
    x.y.resize(system.states.size());
    x.dydt.resize(system.states.size());
    TreeWalker{&system}.initialize(0, x.p, x.y);
    return x;
}

double ns_a_call(Rhs* rhs, Point& x, int calls) {
    const double begin = cpu_seconds();
    for (int i = 0; i < calls; ++i) rhs(&x.t, x.y.data(), x.p.data(), x.dydt.data());
    return 1e9 * (cpu_seconds() - begin) / calls;
}

int time_both(Rhs* jit, Rhs* gxx, Point x) {
    const int calls = static_cast<int>(2e6 / static_cast<double>(x.y.size()));
    std::vector<double> jit_ns, gxx_ns, ratio;
    for (int i = 0; i < 51; ++i) {
        jit_ns.push_back(ns_a_call(jit, x, calls));
        const std::vector<double> from_jit = x.dydt;
        gxx_ns.push_back(ns_a_call(gxx, x, calls));
        ratio.push_back(jit_ns.back() / gxx_ns.back());
        for (std::size_t k = 0; k < from_jit.size(); ++k) {
            if (!(std::fabs(from_jit[k] - x.dydt[k]) <= 1e-10 * (1 + std::fabs(x.dydt[k])))) {
                std::cerr << "equation " << k << " differs: " << from_jit[k] << ", " << x.dydt[k] << "\n";
                return 1;
            }
        }
    }
    std::printf("%.2f %.2f %.3f\n", median(jit_ns), median(gxx_ns), median(ratio));
    return 0;
}

double compile_ms(const std::shared_ptr<const OdeSystem>& system) {
    std::vector<double> ms;
    for (int i = 0; i < 5; ++i) {
        const double begin = cpu_seconds();
        compile(system);
        ms.push_back(1e3 * (cpu_seconds() - begin));
    }
    return median(ms);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return std::cerr << "usage: jit_against_gxx write|compile|time|call N [LIBRARY]\n", 2;
    const std::string task = argv[1];
    const Network network = generated_network(std::stoi(argv[2]), 1);
    const auto system = std::make_shared<const OdeSystem>(lower(network));
    if (task == "write") return write(network, *system), 0;
    if (task == "compile") return std::printf("%.1f\n", compile_ms(system)), 0;
    Point x = start(*system);
    const std::string what = argv[3];
    const auto model = task == "time" || what == "jit" ? compile(system) : nullptr;
    if (task == "time") return time_both(model->code().rhs, load(argv[3]), std::move(x));
    Rhs* rhs = model ? model->code().rhs : what == "nothing" ? nothing : load(argv[3]);
    CALLGRIND_START_INSTRUMENTATION;
    for (int i = 0; i < counted_calls; ++i) rhs(&x.t, x.y.data(), x.p.data(), x.dydt.data());
    CALLGRIND_STOP_INSTRUMENTATION;
}
