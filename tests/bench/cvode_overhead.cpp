// cvode_overhead: our CVODE path against a bare program on CVODE: the same equations by hand, tolerances and
// outputs.
//
// The ratio of the two medians is the figure (at most 1.1):
//   cvode_overhead --benchmark_repetitions=9 --benchmark_report_aggregates_only
#include <benchmark/benchmark.h>
#include <cvodes/cvodes.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

#include "runtime/integrate/cvode.h"
#include "runtime/integrate/record.h"
#include "tests/support/compiled.h"

using namespace rondo;
using namespace rondo::testing;

namespace {

constexpr double rtol = 1e-6, atol = 1e-9, end = 500, a = 1, b = 3;
constexpr int points = 501;

int bare_rhs(double, N_Vector y, N_Vector dydt, void*) {
    const double *x = N_VGetArrayPointer(y), r = x[0] * x[0] * x[1];
    double* d = N_VGetArrayPointer(dydt);
    d[0] = a - (b + 1) * x[0] + r;
    d[1] = b * x[0] - r;
    return 0;
}

int bare_jacobian(double, N_Vector y, N_Vector, SUNMatrix matrix, void*, N_Vector, N_Vector, N_Vector) {
    const double *x = N_VGetArrayPointer(y), xy = 2 * x[0] * x[1], xx = x[0] * x[0];
    double* j = SUNDenseMatrix_Data(matrix);
    j[0] = xy - (b + 1), j[1] = b - xy, j[2] = xx, j[3] = -xx;
    return 0;
}

void bare(benchmark::State& state) {
    SUNContext context;
    SUNContext_Create(nullptr, &context);
    N_Vector y = N_VNew_Serial(2, context);
    SUNMatrix matrix = SUNDenseMatrix(2, 2, context);
    SUNLinearSolver solver = SUNLinSol_Dense(y, matrix, context);
    void* cvode = CVodeCreate(CV_BDF, context);
    double* x = N_VGetArrayPointer(y);
    CVodeInit(cvode, bare_rhs, 0, y);
    CVodeSStolerances(cvode, rtol, atol);
    CVodeSetLinearSolver(cvode, solver, matrix);
    CVodeSetJacFn(cvode, bare_jacobian);
    CVodeSetMaxNumSteps(cvode, 1000000);
    std::vector<double> rows(2 * points);
    for (auto _ : state) {
        x[0] = x[1] = 10;
        CVodeReInit(cvode, 0, y);
        for (int i = 0; i < points; ++i) {
            double t = 0;
            if (i > 0) CVode(cvode, end * i / (points - 1), y, &t, CV_NORMAL);
            rows[2 * static_cast<std::size_t>(i)] = x[0], rows[2 * static_cast<std::size_t>(i) + 1] = x[1];
        }
        benchmark::DoNotOptimize(rows.data());
    }
    long steps = 0;
    CVodeGetNumSteps(cvode, &steps);
    state.counters["steps"] = static_cast<double>(steps);
    CVodeFree(&cvode);
    SUNLinSolFree(solver);
    SUNMatDestroy(matrix);
    N_VDestroy(y);
    SUNContext_Free(&context);
}

void ours(benchmark::State& state) {
    const auto model = compiled(brusselator(), {"X", "Y"});
    const auto inputs = default_inputs(*model);
    std::vector<double> times;
    for (int i = 0; i < points; ++i) times.push_back(end * i / (points - 1));
    Integrator integrator(*model);
    Recorder recorder({"X", "Y"}, times);
    IntegrateOptions options;
    options.rtol = rtol;
    options.atol = atol;
    Outcome outcome;
    for (auto _ : state) {
        outcome = integrator.run(inputs, 0, end, options, recorder);
        benchmark::DoNotOptimize(recorder);
    }
    state.counters["steps"] = static_cast<double>(outcome.steps);
}

BENCHMARK(bare)->Unit(benchmark::kMillisecond);
BENCHMARK(ours)->Unit(benchmark::kMillisecond);

}  // namespace
