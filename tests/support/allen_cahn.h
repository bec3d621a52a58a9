// allen_cahn.h: the Allen-Cahn equation as tests and benchmarks build it, without a study.
#pragma once
#include <cmath>
#include <numbers>

#include "dsl/syntax/error.h"
#include "runtime/surrogate/plugin.h"
#include "runtime/surrogate/terms.h"
#include "runtime/surrogate/train.h"

namespace rondo {

// u_t - diffusion u_xx + 5 u^3 - 5 u over t in [0, 1], x in [-1, 1]; u = x^2 cos(pi x) at t = 0.
inline const Box allen_cahn_box{{{"t", 0, 1}, {"x", -1, 1}}};

inline Equation allen_cahn(double diffusion = 1e-4, double weight = 100, std::size_t start_points = 512) {
    Equation equation;
    equation.fields = {"u"};
    equation.residual.unknowns = {Derivative{0, {}}, Derivative{0, {0}}, Derivative{0, {1, 1}}};
    Graph& g = equation.residual.graph;
    const NodeId u = g.parameter(0), cube = g.apply(Op::power, {u, g.number(3)});
    const NodeId spread =
        g.apply(Op::minus, {g.parameter(1), g.apply(Op::times, {g.number(diffusion), g.parameter(2)})});
    const NodeId grown = g.apply(Op::plus, {spread, g.apply(Op::times, {g.number(5), cube})});
    equation.residual.roots = {g.apply(Op::minus, {grown, g.apply(Op::times, {g.number(5), u})})};

    SideCondition start;
    start.weight = weight;
    start.residual.unknowns = {Derivative{0, {}}, "u0"};
    Graph& s = start.residual.graph;
    start.residual.roots = {s.apply(Op::minus, {s.parameter(0), s.parameter(1)})};
    std::vector<double> x(start_points), u0(start_points);
    for (std::size_t i = 0; i < start_points; ++i) {
        x[i] = -1 + 2 * static_cast<double>(i) / static_cast<double>(start_points);
        u0[i] = x[i] * x[i] * std::cos(std::numbers::pi * x[i]);
    }
    start.points.set("t", std::vector<double>(start_points, 0));
    start.points.set("x", std::move(x));
    start.points.set("u0", std::move(u0));
    equation.conditions.push_back(std::move(start));
    return equation;
}

inline Mlp tanh_network(std::vector<int> hidden, int waves) {
    return {.hidden = std::move(hidden),
            .batch_norm = false,
            .activation = Activation::tanh,
            .periodic = {{"x", waves}}};
}

// Loss and gradient at a network's weights, by the plugin itself: in Taylor mode, or by nested automatic
// differentiation.
struct AtWeights {
    double loss = 0;
    std::vector<double> row_losses, gradient;
};
inline AtWeights at_weights(Surrogate network, const Equation& equation, const Table& rows, bool nested,
                            bool single = false, Device device = Device::cpu) {
    const Terms terms(network, equation, rows);
    std::vector<plugin::Layer> layers;
    AtWeights found;
    std::size_t parameters = 0;
    for (DenseLayer& l : network.layers) {
        parameters += l.weight.size() + l.bias.size();
        layers.push_back({l.inputs, l.outputs, 0, static_cast<plugin::Activation>(l.activation),
                          l.weight.data(), l.bias.data(), nullptr, nullptr, nullptr, nullptr});
    }
    found.row_losses.resize(rows.rows());
    found.gradient.resize(parameters);
    plugin::Training training{};
    training.abi = plugin::abi_version;
    training.layers = layers.data();
    training.layer_count = static_cast<int>(layers.size());
    training.terms = terms.span().data();
    training.term_count = static_cast<int>(terms.span().size());
    training.single = single;
    training.cuda = device == Device::cuda;
    if (load_plugin(device).equation(&training, nested, &found.loss, found.row_losses.data(),
                                     found.gradient.data()))
        throw Error(Fault::numerics, training.error);
    return found;
}

}  // namespace rondo
