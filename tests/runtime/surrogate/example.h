// example.h: networks and data that the tests of this room share.
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "runtime/sample/random.h"
#include "runtime/surrogate/train.h"

namespace rondo {

inline DenseLayer random_layer(int inputs, int outputs, bool batch_norm, bool relu, Random& random) {
    const auto draw = [&](int count, double low, double high) {
        std::vector<double> values(static_cast<std::size_t>(count));
        for (double& value : values) value = low + (high - low) * random.uniform();
        return values;
    };
    DenseLayer layer{inputs,
                     outputs,
                     draw(inputs * outputs, -1, 1),
                     draw(outputs, -1, 1),
                     batch_norm,
                     {},
                     {},
                     {},
                     {},
                     relu ? Activation::relu : Activation::none};
    if (!batch_norm) return layer;
    layer.mean = draw(outputs, -1, 1);
    layer.variance = draw(outputs, 0.1, 2);
    layer.scale = draw(outputs, -2, 2);
    layer.shift = draw(outputs, -1, 1);
    return layer;
}

// Two inputs, one of them logarithmic, two outputs, every kind of layer; values are random.
inline Surrogate random_surrogate(std::uint64_t seed) {
    Random random(seed, "test");
    Surrogate surrogate;
    surrogate.box.axes = {{"a", 0, 5}, {"k", 0.1, 10, Scale::log}};
    surrogate.outputs = {"freq_X", "freq_Y"};
    surrogate.layers = {random_layer(2, 20, true, true, random), random_layer(20, 30, true, true, random),
                        random_layer(30, 10, false, true, random), random_layer(10, 2, false, false, random)};
    surrogate.model = "model m\n  x = 1\nend\n";
    surrogate.identity = "0123abcd";
    surrogate.history.set("epoch", std::vector<double>{1, 2});
    surrogate.history.set("validation_loss", std::vector<double>{0.5, std::nan("")});
    return surrogate;
}

inline const Box line{{{"x", 0, 1}}};

// y = sin(2 pi x) at `count` points of [0, 1].
inline Table sine(std::size_t count, double first = 0) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < count; ++i) {
        x.push_back((static_cast<double>(i) + first) / static_cast<double>(count));
        y.push_back(std::sin(2 * std::numbers::pi * x.back()));
    }
    Table table;
    table.set("x", x);
    table.set("y", y);
    return table;
}

// Some hundred milliseconds of training.
inline const Mlp small{.hidden = {16, 32, 16}};
inline const TrainOptions quick{
    .epochs = 40, .warm_up = 5, .learning_rate = 1e-2, .seed = 3, .device = Device::cpu};

// In a test: leaves it where Rondo was built without LibTorch. (Where it was built with, failing to load is a
// failure.)
#ifdef RONDO_TORCH_CPU
#define NEEDS_TORCH()
#else
#define NEEDS_TORCH() GTEST_SKIP() << "built without LibTorch: run tools/setup-torch and build again"
#endif

}  // namespace rondo
