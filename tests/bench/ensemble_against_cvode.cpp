// ensemble_against_cvode: lanes against our own CVODE path at equal measured error, one core.
//
//   ensemble_against_cvode [SYSTEM...]
//
// For each system, runs of varied parameters; the error of a run is the largest over its states at the end,
// in units of the state's largest reference value, against a reference at 1e-12. Prints CPU microseconds a
// run and the median error at a range of tolerances, and for each CVODE row the ratio to the cheapest lanes
// of no larger error (interpolated between tolerances).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>

#include "runtime/ensemble/ensemble.h"
#include "tests/support/compiled.h"
#include "tests/support/ensembles.h"

using namespace rondo;
using namespace rondo::testing;

namespace {

using States = std::vector<LastState>;

States run(const RunSet& set, const EnsembleOptions& options, double* us = nullptr) {
    const Ensemble ensemble(set.model, options);
    States states(set.inputs.size());
    const Executor executor(1);
    Ensemble::Task task;
    task.inputs = [&](std::size_t i) { return std::span<const double>(set.inputs[i]); };
    task.t1 = set.end;
    task.observe = [&](int lanes) { return std::make_unique<LastObserver>(states, lanes); };
    const auto go = [&] {
        executor.feed("runs", states.size(), [&](int, Feed& feed) { ensemble.serve(feed, task); });
    };
    std::vector<double> times;
    const int repeats = ensemble.lanes() > 1 ? 3 : 1;  // CVODE's take seconds
    if (repeats > 1) go();                             // compiles
    for (int repeat = 0; repeat < repeats; ++repeat) {
        const std::clock_t begin = std::clock();
        go();
        times.push_back(1e6 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC /
                        static_cast<double>(states.size()));
    }
    std::ranges::sort(times);
    if (us) *us = times[times.size() / 2];
    return states;
}

double median_error(const States& states, const States& reference, int& failed) {
    std::vector<double> errors;
    failed = 0;
    std::vector<double> largest(reference.front().y.size(), 0);
    for (const auto& run : reference)
        for (std::size_t i = 0; i < run.y.size(); ++i) largest[i] = std::max(largest[i], std::abs(run.y[i]));
    for (std::size_t r = 0; r < states.size(); ++r) {
        if (states[r].outcome.kind == Outcome::Kind::failed) {
            ++failed;
            continue;
        }
        double error = 0;
        for (std::size_t i = 0; i < states[r].y.size(); ++i)
            error = std::max(error, std::abs(states[r].y[i] - reference[r].y[i]) / largest[i]);
        errors.push_back(error);
    }
    std::ranges::sort(errors);
    return errors.empty() ? NAN : errors[errors.size() / 2];
}

struct Row {
    double error, us;
};

// The cost at that error, on the line through the logarithms of the rows around it.
double cost_at(const std::vector<Row>& rows, double error) {
    double best = INFINITY;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].error <= error) best = std::min(best, rows[i].us);
        if (i == 0 || !(rows[i - 1].error > error && rows[i].error < error)) continue;
        const double x = std::log(error / rows[i].error) / std::log(rows[i - 1].error / rows[i].error);
        best = std::min(best, std::exp(std::log(rows[i].us) + x * std::log(rows[i - 1].us / rows[i].us)));
    }
    return best;
}

void measure(const RunSet& set) {
    EnsembleOptions exact;
    exact.method = EnsembleMethod::bdf;
    exact.rtol = 1e-12;
    const States reference = run(set, exact);
    std::vector<Row> lanes;
    std::printf("%s, %zu runs to t = %g\n", set.name.c_str(), set.inputs.size(), set.end);
    for (const auto method : {EnsembleMethod::automatic, EnsembleMethod::dop853, EnsembleMethod::tsit5,
                              EnsembleMethod::rodas5p, EnsembleMethod::bdf}) {
        const bool explicit_one = method == EnsembleMethod::dop853 || method == EnsembleMethod::tsit5;
        if (set.stiff && explicit_one) continue;
        for (const double rtol : {1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9}) {
            if (method == EnsembleMethod::bdf && rtol != 1e-6 && rtol != 1e-8) continue;
            EnsembleOptions options;
            options.method = method;
            options.rtol = rtol;
            double us = 0;
            int failed = 0;
            const double error = median_error(run(set, options, &us), reference, failed);
            const std::string name = Ensemble(set.model, options).describe();
            std::printf("  %-30.30s rtol %.0e: error %.2e, %8.2f us a run", name.c_str(), rtol, error, us);
            if (failed) std::printf(", %d failed", failed);
            if (method == EnsembleMethod::automatic) lanes.push_back({error, us});
            if (method == EnsembleMethod::bdf)
                std::printf(", %.0f times the lanes", us / cost_at(lanes, error));
            std::printf("\n");
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> wanted(argv + 1, argv + argc);
    for (const RunSet& set : run_sets(512)) {
        if (wanted.empty() || std::ranges::count(wanted, set.name)) measure(set);
    }
}
