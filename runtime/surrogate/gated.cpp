// gated.cpp: chance times frequency.
#include "runtime/surrogate/gated.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "dsl/syntax/error.h"
#include "runtime/sample/portable.h"

namespace rondo {

namespace {

using Values = std::vector<double>;

double chance_of(double logit) {
    return logit < -700 ? 0 : logit > 700 ? 1 : 1 / (1 + portable_exp(-logit));
}

// Of the networks' outputs at each point: mean and variance between networks.
struct Opinion {
    std::vector<Values> mean, variance;  // [output][row]
};

Opinion opinion(const std::vector<Surrogate>& networks, const Table& points, auto value_of) {
    const std::size_t outputs = networks.front().outputs.size(), rows = points.rows();
    Opinion result{std::vector<Values>(outputs, Values(rows)), std::vector<Values>(outputs, Values(rows))};
    const auto n = static_cast<double>(networks.size());
    for (const Surrogate& network : networks) {
        const Table given = predict(network, points);
        for (std::size_t o = 0; o < outputs; ++o) {
            const auto y = given.numbers(network.outputs[o]);
            for (std::size_t row = 0; row < rows; ++row) {
                const double value = value_of(y[row]);
                result.mean[o][row] += std::isnan(y[row]) ? y[row] : value / n;
                result.variance[o][row] += value * value / n;
            }
        }
    }
    for (std::size_t o = 0; o < outputs; ++o) {
        for (std::size_t row = 0; row < rows; ++row) {
            const double mean = result.mean[o][row];
            result.variance[o][row] = std::max(0.0, result.variance[o][row] - mean * mean);
        }
    }
    return result;
}

Opinion logits(const Gated& gated, const Table& points) {
    return opinion(gated.gates, points, [](double logit) { return logit; });
}

// Roots are learnt.
Opinion frequencies(const Gated& gated, const Table& points) {
    return opinion(gated.speeds, points, [&](double root) {
        return std::min(std::max(root, 0.0) * std::abs(root), gated.highest);
    });
}

bool alike(const Surrogate& a, const Surrogate& b) {
    return a.box.names() == b.box.names() &&
           std::ranges::equal(a.features, b.features, {}, &Feature::column, &Feature::column);
}

void check_parts(const std::vector<Surrogate>& gates, const std::vector<Surrogate>& speeds,
                 std::size_t outputs) {
    const auto fail = [](const std::string& what) { throw Error(Fault::input, what); };
    if (gates.empty() || speeds.empty()) fail("a gated surrogate needs at least one gate and one speed");
    for (const auto* list : {&gates, &speeds}) {
        for (const Surrogate& each : *list) {
            if (each.gated) fail("a part of a gated surrogate is itself gated");
            if (!alike(each, gates.front())) fail("the parts have other boxes or features");
            if (each.outputs.size() != (list == &gates ? 1 : outputs))
                fail("a gate predicts one column, a speed as many as there are outputs");
        }
    }
}

// What the classes cost under slope and offset: - ln of their chance, and a slight pull to (1, 0) that keeps
// separable classes finite. Convex.
struct Platt {
    const Values& logits;
    const std::vector<bool>& classes;

    double cost(double slope, double offset) const {
        double sum = 0.5 * ((slope - 1) * (slope - 1) + offset * offset);
        for (std::size_t i = 0; i < logits.size(); ++i) {
            const double z = slope * logits[i] + offset;
            const double size = std::min(std::abs(z), 700.0);
            sum += std::max(classes[i] ? -z : z, 0.0) + portable_log(1 + portable_exp(-size));
        }
        return sum;
    }

    // Newton's step from there.
    std::pair<double, double> step(double slope, double offset) const {
        double gs = slope - 1, go = offset, ss = 1, so = 0, oo = 1;
        for (std::size_t i = 0; i < logits.size(); ++i) {
            const double p = chance_of(slope * logits[i] + offset), w = p * (1 - p), error = p - classes[i];
            gs += error * logits[i];
            go += error;
            ss += w * logits[i] * logits[i];
            so += w * logits[i];
            oo += w;
        }
        const double determinant = ss * oo - so * so;
        return {(so * go - oo * gs) / determinant, (so * gs - ss * go) / determinant};
    }
};

// slope and offset that make the classes likeliest (Platt scaling). A step is halved until the cost falls.
std::pair<double, double> calibrated(const Values& logits, const std::vector<bool>& classes) {
    const Platt platt{logits, classes};
    double slope = 1, offset = 0, cost = platt.cost(slope, offset);
    for (int round = 0; round < 100; ++round) {
        const auto [ds, d0] = platt.step(slope, offset);
        double part = 1, next = platt.cost(slope + ds, offset + d0);
        while (!(next <= cost) && part > 1e-10) {
            part /= 2;
            next = platt.cost(slope + part * ds, offset + part * d0);
        }
        if (!(next <= cost)) break;
        slope += part * ds;
        offset += part * d0;
        const bool done = cost - next < 1e-12 * cost;
        cost = next;
        if (done) break;
    }
    return {slope, offset};
}

// Mean over outputs of |predicted - true|, as the score counts it.
Values errors(const Table& truth, const Table& predicted, const std::vector<std::string>& outputs) {
    Values result(truth.rows());
    for (const auto& name : outputs) {
        const auto y = truth.numbers(name), z = predicted.numbers(name);
        for (std::size_t row = 0; row < result.size(); ++row)
            result[row] += std::abs(z[row] - y[row]) / static_cast<double>(outputs.size());
    }
    return result;
}

double root_mean_square(const Values& values) {
    double sum = 0;
    for (const double each : values) sum += each * each;
    return values.empty() ? 0 : std::sqrt(sum / static_cast<double>(values.size()));
}

}  // namespace

Table predict_gated(const Surrogate& surrogate, const Table& points) {
    const Gated& gated = *surrogate.gated;
    const std::size_t rows = points.rows(), outputs = surrogate.outputs.size();
    const Opinion gate = logits(gated, points), speed = frequencies(gated, points);
    std::vector<Values> frequency(outputs, Values(rows));
    Values probability(rows), uncertainty(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const double p = chance_of(gated.slope * gate.mean[0][row] + gated.offset);
        const double factor = gated.hard ? (p >= 0.5 ? 1 : 0) : p;
        double mean = 0, variance = 0;
        for (std::size_t o = 0; o < outputs; ++o) {
            frequency[o][row] = std::isnan(p) ? p : factor * speed.mean[o][row];
            mean += speed.mean[o][row] / static_cast<double>(outputs);
            variance += speed.variance[o][row] / static_cast<double>(outputs);
        }
        // Either it oscillates, at about `mean`, or not: what the mixture is expected to be off by.
        const double met = (1 - factor) * mean, missed = factor * mean;
        const double square =
            p * (met * met + variance + gated.noise * gated.noise) + (1 - p) * missed * missed;
        probability[row] = p;
        uncertainty[row] = gated.spread * std::sqrt(square);
    }
    Table table = points;
    for (std::size_t o = 0; o < outputs; ++o) table.set(surrogate.outputs[o], std::move(frequency[o]));
    table.set("probability", std::move(probability));
    table.set("uncertainty", std::move(uncertainty));
    return table;
}

Surrogate join(std::vector<Surrogate> gates, std::vector<Surrogate> speeds,
               const std::vector<std::string>& outputs, const Table& validation, bool hard) {
    check_parts(gates, speeds, outputs.size());
    std::vector<bool> classes;
    std::vector<std::size_t> oscillating;
    for (const double frequency : validation.numbers(outputs.front())) {
        if (frequency > 0) oscillating.push_back(classes.size());
        classes.push_back(frequency > 0);
    }
    if (oscillating.size() < 2 || classes.size() - oscillating.size() < 2)
        throw Error(Fault::input,
                    "calibration needs at least 2 validation rows that oscillate and 2 that do not");
    Gated gated{std::move(gates), std::move(speeds), hard};
    std::tie(gated.slope, gated.offset) = calibrated(logits(gated, validation).mean[0], classes);
    const Table met = validation.select(oscillating);
    for (const auto& name : outputs) {
        for (const double frequency : met.numbers(name))
            gated.highest = std::max(gated.highest, 1.1 * frequency);
    }
    const Opinion speed = frequencies(gated, met);
    Table predicted;
    for (std::size_t o = 0; o < outputs.size(); ++o) predicted.set(outputs[o], speed.mean[o]);
    gated.noise = root_mean_square(errors(met, predicted, outputs));
    Surrogate surrogate;
    surrogate.box = gated.gates.front().box;
    surrogate.outputs = outputs;
    surrogate.features = gated.gates.front().features;
    surrogate.model = gated.gates.front().model;
    const auto with_spread = [&](double spread) {
        gated.spread = spread;
        surrogate.gated = std::make_shared<const Gated>(gated);
    };
    with_spread(1);
    const Table all = predict_gated(surrogate, validation);
    const Values error = errors(validation, all, outputs);
    const auto claimed = all.numbers("uncertainty");
    const double expected = root_mean_square({claimed.begin(), claimed.end()});
    with_spread(expected > 0 ? root_mean_square(error) / expected : 1);
    return surrogate;
}

Calibration calibration(const Table& truth, const Table& predicted, const std::vector<std::string>& outputs) {
    constexpr std::size_t classes = 10;
    std::array<double, classes> chance{}, met{}, count{};
    const auto frequency = truth.numbers(outputs.front()), p = predicted.numbers("probability"),
               claimed = predicted.numbers("uncertainty");
    const Values error = errors(truth, predicted, outputs);
    Calibration result{};
    const auto rows = static_cast<double>(truth.rows());
    for (std::size_t row = 0; row < truth.rows(); ++row) {
        const double oscillates = frequency[row] > 0;
        const auto k = std::min(classes - 1, static_cast<std::size_t>(p[row] * classes));
        chance[k] += p[row];
        met[k] += oscillates;
        ++count[k];
        result.brier += (p[row] - oscillates) * (p[row] - oscillates) / rows;
        result.within_one += (error[row] <= claimed[row]) / rows;
        result.within_two += (error[row] <= 2 * claimed[row]) / rows;
    }
    for (std::size_t k = 0; k < classes; ++k) result.gap += std::abs(met[k] - chance[k]) / rows;
    return result;
}

}  // namespace rondo
