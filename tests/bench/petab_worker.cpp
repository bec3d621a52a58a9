// petab_worker.cpp: our side of petab_against_amici: PEtab problems at their nominal parameters.
//   petab_worker PROBLEM.yaml...
// A line each: file, -log likelihood, milliseconds of CPU time of one value, of one value with gradient by
// forward sensitivities (the least of five), calls of right-hand sides of either, and the gradient's largest
// component; then milliseconds and calls by adjoint sensitivities, and the largest difference of the
// gradients.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <limits>

#include "dsl/syntax/error.h"
#include "runtime/api/models.h"
#include "runtime/estimate/likelihood_runs.h"
#include "runtime/petab/petab.h"

namespace {

using namespace rondo;

// Of five calls.
template <class Work>
double least_milliseconds(Work work) {
    double least = std::numeric_limits<double>::infinity();
    for (int i = 0; i < 5; ++i) {
        const std::clock_t begin = std::clock();
        work();
        least = std::min(least, 1e3 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
    }
    return least;
}

void measure(const char* file) {
    Sources sources;
    Diagnostics diagnostics(sources);
    LikelihoodProblem problem = read_petab(file, load_network, diagnostics);
    diagnostics.throw_if_errors();
    const Likelihood likelihood(std::move(problem));
    const LikelihoodSlopes slopes(likelihood);
    LikelihoodRuns runs(slopes, likelihood);
    const auto z = likelihood.nominal();
    LikelihoodValue value, with_gradient;
    const double alone = least_milliseconds([&] { value = runs.evaluate(z); });
    const double both = least_milliseconds([&] { with_gradient = runs.evaluate_slopes(z); });
    double largest = 0;
    for (const double slope : with_gradient.gradient) largest = std::max(largest, std::abs(slope));
    double back = std::nan(""), apart = 0;
    LikelihoodValue by_adjoint;
    if (why_no_adjoint(*likelihood.problem().system).empty()) {
        back = least_milliseconds([&] { by_adjoint = runs.evaluate_adjoint(z); });
        for (std::size_t k = 0; k < z.size(); ++k)
            apart = std::max(apart, std::abs(by_adjoint.gradient[k] - with_gradient.gradient[k]));
    }
    std::printf("%s %.6f %.3f %.3f %llu %llu %.6g %.3f %llu %.2g %s%s\n", file, value.unlikelihood, alone,
                both, static_cast<unsigned long long>(value.calls),
                static_cast<unsigned long long>(with_gradient.calls), largest, back,
                static_cast<unsigned long long>(by_adjoint.calls), apart, value.failure.c_str(),
                by_adjoint.failure.c_str());
}

}  // namespace

int main(int argc, char** argv) {
    int status = argc > 1 ? 0 : 2;
    for (int i = 1; i < argc; ++i) {
        try {
            measure(argv[i]);
        } catch (const rondo::Error& error) {
            std::fprintf(stderr, "%s\n", error.what());
            status = 1;
        }
    }
    return status;
}
