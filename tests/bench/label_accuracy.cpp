// label_accuracy: how well the cycle rule does on the four oscillators, and what it costs.
//
//   label_accuracy [bdf] [SYSTEM...]    one core; all four systems if none is named; bdf: by CVODE
//
// Against <system>_val_exact.csv.gz: the share of in-horizon rows whose class is right, quantiles of the
// relative error of the frequency, every row that is off by more than 1e-5, and what a row costs, with what
// compiling takes (none of it is cached) and without. For the Brusselator also random points against b > 1 +
// a^2.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>

#include "runtime/label/label.h"
#include "runtime/sample/box.h"
#include "runtime/table/csv.h"
#include "tests/support/oscillators.h"

using namespace rondo;
using namespace rondo::testing;

namespace {

CycleOptions options;

struct Labels {
    std::vector<Label> labels;
    double us, compile_ms;  // CPU time: a row, compiling included; of that, what is compiled for all rows
};

Labels label_all(const Oscillator& system, const Table& points) {
    const auto model = system.compile();
    std::vector<std::vector<double>> inputs;
    for (std::size_t row = 0; row < points.rows(); ++row)
        inputs.push_back(system.inputs(*model, points, row));
    Labels out;
    const auto seconds = [&](const std::vector<std::vector<double>>& rows) {  // the best of three runs
        double best = INFINITY;
        for (int repeat = 0; repeat < 3; ++repeat) {
            const std::clock_t begin = std::clock();
            out.labels = label_cycle(*model, rows, options, Executor(1));
            best = std::min(best, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
        }
        return best;
    };
    constexpr int times = 8;
    std::vector<std::vector<double>> many;
    for (int k = 0; k < times; ++k) many.insert(many.end(), inputs.begin(), inputs.end());
    const double time_of_many = seconds(many), time = seconds(inputs);
    out.us = 1e6 * time / static_cast<double>(inputs.size());
    out.compile_ms = 1e3 * (time - (time_of_many - time) / (times - 1));
    return out;
}

double quantile(std::vector<double> values, double share) {
    if (values.empty()) return std::nan("");
    std::sort(values.begin(), values.end());
    const double place = std::ceil(share * static_cast<double>(values.size())) - 1;
    return values[static_cast<std::size_t>(std::max(place, 0.0))];
}

void print_cost(const Labels& labels) {
    double calls = 0;
    std::map<std::string_view, int> kinds;
    for (const Label& label : labels.labels) {
        calls += static_cast<double>(label.rhs_calls);
        ++kinds[to_text(label.rhythm)];
    }
    const auto rows = static_cast<double>(labels.labels.size());
    std::printf("  %.1f us a row, of which compiling %.1f (%.0f ms in all); right-hand sides a row: %.0f\n ",
                labels.us, 1e3 * labels.compile_ms / rows, labels.compile_ms, calls / rows);
    for (const auto& [kind, count] : kinds)
        std::printf(" %.*s %d", static_cast<int>(kind.size()), kind.data(), count);
    std::printf("\n");
}

void against_exact(const Oscillator& system, const Table& exact) {
    const auto labels = label_all(system, exact);
    const auto truth = exact.numbers("freq_exact"), in_horizon = exact.numbers("in_horizon");
    std::size_t counted = 0, right = 0;
    std::vector<double> errors;
    std::printf("%s: %zu rows\n", system.name.c_str(), exact.rows());
    for (std::size_t row = 0; row < exact.rows(); ++row) {
        const Label& label = labels.labels[row];
        const bool same = same_class(label, truth[row] > 0);
        const int id = static_cast<int>(exact.numbers("row")[row]);
        if (in_horizon[row] == 1) ++counted, right += same;
        if (!same)
            std::printf("  row %d: %s at %.9g, should be %.9g %s\n", id,
                        std::string(to_text(label.rhythm)).c_str(), label.frequency, truth[row],
                        label.reason.c_str());
        if (label.rhythm != Rhythm::sustained || !(truth[row] > 0)) continue;
        errors.push_back(std::abs(label.frequency / truth[row] - 1));
        if (errors.back() > 1e-5)
            std::printf("  row %d: %.10g, file %.10g, off by %.2g\n", id, label.frequency, truth[row],
                        errors.back());
    }
    std::printf("  class: %zu of %zu (%.2f %%)\n", right, counted,
                100.0 * static_cast<double>(right) / static_cast<double>(counted));
    std::printf("  frequency error, %zu rows: median %.1e, 99%% %.1e, max %.1e\n", errors.size(),
                quantile(errors, 0.5), quantile(errors, 0.99), quantile(errors, 1));
    print_cost(labels);
}

// At least 0.5 % of the box's width from the curve on which the fixed point loses its stability.
void against_theory(const Oscillator& system) {
    const Box box{{{"a", 0, 5}, {"b", 0, 15}}};
    const Table all = uniform(box, 50000, 1);
    std::vector<std::size_t> clear;
    for (std::size_t row = 0; row < all.rows(); ++row)
        if (brusselator_distance(all.numbers("a")[row], all.numbers("b")[row]) >= 0.005) clear.push_back(row);
    const Table points = all.select(clear);
    const auto labels = label_all(system, points);
    const auto a = points.numbers("a"), b = points.numbers("b");
    std::size_t right = 0, undecided = 0;
    for (std::size_t row = 0; row < points.rows(); ++row) {
        const Label& label = labels.labels[row];
        const bool same = same_class(label, b[row] > 1 + a[row] * a[row]);
        right += same;
        undecided += label.rhythm == Rhythm::undecided;
        if (!same)
            std::printf("  a = %.9g, b = %.9g: %s %s\n", a[row], b[row],
                        std::string(to_text(label.rhythm)).c_str(), label.reason.c_str());
    }
    std::printf(
        "brusselator: %zu random points off the Hopf curve\n  class as b > 1 + a^2: %.3f %%; undecided %zu\n",
        points.rows(), 100.0 * static_cast<double>(right) / static_cast<double>(points.rows()), undecided);
    print_cost(labels);
}

}  // namespace

int main(int argc, char** argv) {
    setenv("RONDO_CODE_CACHE", "off", 1);  // compiling is part of what is measured
    std::vector<std::string> wanted(argv + 1, argv + argc);
    if (std::erase(wanted, "bdf") > 0) options.method = EnsembleMethod::bdf;
    if (std::erase(wanted, "dop853") > 0) options.method = EnsembleMethod::dop853;
    if (std::erase(wanted, "rodas5p") > 0) options.method = EnsembleMethod::rodas5p;
    for (const Oscillator& system : oscillators()) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), system.name) == wanted.end()) continue;
        const auto exact = exact_labels(system);
        if (exact)
            against_exact(system, *exact);
        else
            std::printf("%s: no %s\n", system.name.c_str(), exact_file(system).c_str());
        if (system.name == "brusselator") against_theory(system);
    }
}
