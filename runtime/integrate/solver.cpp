// solver.cpp: CVODE set up for a model, and what it says when it fails.
#include <cassert>
#include <cfloat>
#include <cmath>
#include <cstdio>

#include "runtime/integrate/direct.h"
#include "runtime/integrate/memory.h"

namespace rondo {

using namespace sundials;

std::optional<std::size_t> first_not_finite(const double* values, std::size_t n) {
    bool bad = false;  // no early exit, so that the usual case is a vector loop
    for (std::size_t i = 0; i < n; ++i) bad |= !(std::abs(values[i]) <= DBL_MAX);
    if (!bad) return std::nullopt;
    const double* found = std::find_if_not(values, values + n, [](double v) { return std::isfinite(v); });
    return static_cast<std::size_t>(found - values);
}

namespace {

std::string with_step(const std::string& text, double h) {
    char number[40];
    std::snprintf(number, sizeof number, " (h = %.3g)", h);
    return text + number;
}

}  // namespace

Integrator::Memory::Memory(const CompiledModel& compiled, const SlopeCode* slope_code)
    : model(compiled),
      n(compiled.state_count()),
      p(compiled.parameter_count()),
      slope_code_(slope_code),
      size_(std::max<std::size_t>(n, 1)),
      modes_(compiled),
      events_(compiled),
      history_(compiled) {
    assert(compiled.lanes() == 1);
    const auto size = static_cast<sunindextype>(size_);
    const auto new_vector = [&] { return Vector(N_VNew_Serial(size, context_.get())); };
    y_ = new_vector();
    atol_ = new_vector();
    slope_atol_ = new_vector();
    N_VConst(0, y_.get());
    N_VConst(1, atol_.get());
    handle_ = Vector(N_VNewEmpty_Serial(size, context_.get()));
    for (const N_Vector vector : {y_.get(), handle_.get()}) use_kernels(vector);  // CVODE clones y_
    last_.resize(n);
    values_.resize(model.system().row_index.size());
    pattern_ = choose_pattern(model.system());
    make_solver();
}

void Integrator::Memory::make_solver() {
    constexpr int most_vectors = 30;  // of a Krylov space
    if (pattern_.iterative) {
        preconditioner_.emplace(pattern_);
        solver_ = LinearSolver(SUNLinSol_SPGMR(y_.get(), SUN_PREC_LEFT, most_vectors, context_.get()));
    } else {
        matrix_ = sundials::make_matrix(pattern_, y_.get(), context_.get());
        solver_ = sundials::make_solver(pattern_, y_.get(), matrix_.get(), context_.get());
    }
}

int Integrator::Memory::rhs(double t, N_Vector y, N_Vector dydt, void* self) {
    auto& memory = *static_cast<Memory*>(self);
    double* out = N_VGetArrayPointer(dydt);
    const double* y_now = N_VGetArrayPointer(y);
    if (memory.n == 0) {
        out[0] = 0;
        return 0;
    }
    if (memory.history_.any()) memory.history_.look_up({t, {N_VGetArrayPointer(y), memory.n}, memory.p});
    memory.model.code().rhs(&t, y_now, memory.p.data(), out);
    const auto bad = first_not_finite(out, memory.n);
    if (!bad) return 0;
    memory.not_finite_ = bad;
    return 1;  // CVODE tries a smaller step
}

int Integrator::Memory::jacobian(double t, N_Vector y, N_Vector, SUNMatrix matrix, void* self, N_Vector,
                                 N_Vector, N_Vector) {
    auto& memory = *static_cast<Memory*>(self);
    if (memory.n == 0) {
        SUNMatZero(matrix);
        return 0;
    }
    memory.model.code().jacobian(&t, N_VGetArrayPointer(y), memory.p.data(), memory.values_.data());
    fill(matrix, memory.pattern_, memory.values_);
    return 0;
}

int Integrator::Memory::slope_rhs(int count, double t, N_Vector y, N_Vector, N_Vector* s, N_Vector* dsdt,
                                  void* self, N_Vector, N_Vector) {
    auto& memory = *static_cast<Memory*>(self);
    const OdeSystem& system = memory.model.system();
    const SlopeCode::Matrix& by_p = memory.slope_code_->by_parameters();
    memory.by_parameters_.resize(by_p.row_index.size());
    const double* y_now = N_VGetArrayPointer(y);
    memory.model.code().jacobian(&t, y_now, memory.p.data(), memory.values_.data());
    memory.slope_code_->by_parameters(t, y_now, memory.p.data(), memory.by_parameters_.data());
    for (auto* values : {&memory.values_, &memory.by_parameters_})
        for (double& value : *values)
            if (!std::isfinite(value)) value = 0;
    for (int k = 0; k < count; ++k) {
        const double* from = N_VGetArrayPointer(s[k]);
        double* out = N_VGetArrayPointer(dsdt[k]);
        std::fill_n(out, memory.n, 0.0);
        const auto add = [&](const auto& start, const auto& rows, const auto& values, std::size_t column,
                             double weight) {
            if (weight == 0) return;
            for (auto i = start[column]; i < start[column + 1]; ++i) out[rows[i]] += weight * values[i];
        };
        for (std::size_t column = 0; column < memory.n; ++column)
            add(system.column_start, system.row_index, memory.values_, column, from[column]);
        const double* by_k = memory.slopes.p.data() + static_cast<std::size_t>(k) * memory.p.size();
        for (std::size_t column = 0; column < by_p.columns.size(); ++column)
            add(by_p.column_start, by_p.row_index, memory.by_parameters_, column, by_k[by_p.columns[column]]);
    }
    return 0;
}

int Integrator::Memory::precondition(double t, N_Vector y, N_Vector, int keep, int* renewed, double gamma,
                                     void* self) {
    auto& memory = *static_cast<Memory*>(self);
    *renewed = !keep;
    if (!keep) {
        memory.model.code().jacobian(&t, N_VGetArrayPointer(y), memory.p.data(), memory.values_.data());
        memory.preconditioner_->keep(memory.values_);
        ++memory.jacobian_calls_;
    }
    return memory.preconditioner_->factor(gamma) ? 0 : 1;
}

int Integrator::Memory::solve(double, N_Vector, N_Vector, N_Vector right, N_Vector out, double, double, int,
                              void* self) {
    const auto& memory = *static_cast<Memory*>(self);
    memory.preconditioner_->solve({N_VGetArrayPointer(right), memory.n}, {N_VGetArrayPointer(out), memory.n});
    return 0;
}

void Integrator::Memory::create(double t0) {
    slopes_ready_ = 0;
    cvode_ = Cvode(CVodeCreate(method_ == Method::bdf ? CV_BDF : CV_ADAMS, context_.get()));
    silence(cvode_.get());
    CVodeInit(cvode_.get(), rhs, t0, y_.get());
    CVodeSetUserData(cvode_.get(), this);
    CVodeSetLinearSolver(cvode_.get(), solver_.get(), matrix_.get());
    if (pattern_.iterative)
        CVodeSetPreconditioner(cvode_.get(), precondition, solve);
    else
        CVodeSetJacFn(cvode_.get(), jacobian);
    if (way_back_) way_back_->attach(cvode_.get());
}

void Integrator::Memory::forget_pivots() {
    if (!pattern_.iterative) sundials::forget_pivots(pattern_, solver_.get(), matrix_.get());
}

// The vectors of S are columns of `slopes`.
void Integrator::Memory::prepare_slopes(double rtol) {
    if (!has_slopes()) {
        if (slopes_ready_ > 0) CVodeSensToggleOff(cvode_.get());
        return;
    }
    slope_vectors_.resize(slopes.count);
    slope_handles_.resize(slopes.count);
    for (std::size_t k = 0; k < slopes.count; ++k) {
        if (!slope_vectors_[k]) {
            slope_vectors_[k] = Vector(N_VNewEmpty_Serial(static_cast<sunindextype>(n), context_.get()));
            use_kernels(slope_vectors_[k].get());
        }
        slope_handles_[k] = slope_vectors_[k].get();
        N_VSetArrayPointer(slopes.y.data() + k * n, slope_handles_[k]);
    }
    if (slopes_ready_ == slopes.count) {
        CVodeSensReInit(cvode_.get(), CV_SIMULTANEOUS, slope_handles_.data());
    } else {
        if (slopes_ready_ > 0) CVodeSensFree(cvode_.get());
        CVodeSensInit(cvode_.get(), static_cast<int>(slopes.count), CV_SIMULTANEOUS, slope_rhs,
                      slope_handles_.data());
        slopes_ready_ = slopes.count;
    }
    // States that begin as next to nothing have tiny tolerances: their slopes have rounding larger than that.
    const double rounding = DBL_EPSILON * N_VMaxNorm(y_.get());
    for (std::size_t i = 0; i < n; ++i)
        N_VGetArrayPointer(slope_atol_.get())[i] =
            std::max(slope_tolerance * N_VGetArrayPointer(atol_.get())[i], rounding);
    std::vector<N_Vector> same(slopes.count, slope_atol_.get());  // CVODES copies them
    CVodeSensSVtolerances(cvode_.get(), slope_tolerance * rtol, same.data());
    CVodeSetSensErrCon(cvode_.get(), SUNTRUE);
}

// Brings the memory to what it is before a first run, whatever it has done.
void Integrator::Memory::prepare(double t0, const IntegrateOptions& options) {
    if (!cvode_ || method_ != options.method) {
        method_ = options.method;
        create(t0);
    } else {
        CVodeReInit(cvode_.get(), t0, y_.get());
        forget_pivots();
    }
    not_finite_.reset();
    const auto tolerances = absolute_tolerances(model, t0, state(), p, options);
    std::copy(tolerances.begin(), tolerances.end(), N_VGetArrayPointer(atol_.get()));
    CVodeSVtolerances(cvode_.get(), options.rtol, atol_.get());
    rtol_ = options.rtol;
    if (way_back_) way_back_->begin(t0, y_.get());
    prepare_slopes(options.rtol);
    const double bound = std::min(history_.shortest_lag(at(t0)), modes_.longest_step(at(t0)));
    const double longest = options.max_step > 0 ? std::min(options.max_step, bound) : bound;
    CVodeSetMaxStep(cvode_.get(), std::isfinite(longest) ? longest : 0);
    steps_ = rhs_calls_ = jacobian_calls_ = 0;
}

Adjoint Integrator::Memory::back(std::span<const Pull> pulls) {
    return way_back_->run(pulls, rtol_, {N_VGetArrayPointer(atol_.get()), n});
}

// Goes on from a jump, with the tolerances of the run.
void Integrator::Memory::restart(double t) {
    count();
    CVodeReInit(cvode_.get(), t, y_.get());
    if (has_slopes()) CVodeSensReInit(cvode_.get(), CV_SIMULTANEOUS, slope_handles_.data());
    if (way_back_) way_back_->begin(t, y_.get());
    forget_pivots();
    not_finite_.reset();
}

void Integrator::Memory::count() {
    long steps = 0, rhs_calls = 0, jacobian_calls = 0;
    CVodeGetNumSteps(cvode_.get(), &steps);
    CVodeGetNumRhsEvals(cvode_.get(), &rhs_calls);
    CVodeGetNumJacEvals(cvode_.get(), &jacobian_calls);
    steps_ += steps;
    rhs_calls_ += rhs_calls;
    jacobian_calls_ += jacobian_calls;
    if (!has_slopes()) return;
    long slope_calls = 0;
    CVodeGetSensNumRhsEvals(cvode_.get(), &slope_calls);
    rhs_calls_ += slope_calls * static_cast<long>(slopes.count);
}

std::string Integrator::Memory::stuck_reason() const {
    if (!not_finite_) return "steps no longer move the time on";
    return "the right-hand side is not finite (inf or nan) for '" + model.system().states[*not_finite_] + "'";
}

std::string Integrator::Memory::reason(int flag, double h) const {
    switch (flag) {
        case CV_TOO_MUCH_ACC: return with_step("the tolerances ask for more than double precision has", h);
        case CV_ERR_FAILURE: return with_step("the error stayed above the tolerances", h);
        case CV_CONV_FAILURE: return with_step("corrector did not converge", h);
        case CV_FIRST_RHSFUNC_ERR: return stuck_reason();
        case CV_REPTD_RHSFUNC_ERR:
        case CV_UNREC_RHSFUNC_ERR:
        case CV_RHSFUNC_FAIL: return with_step(stuck_reason(), h);
        case CV_LSETUP_FAIL:
        case CV_LSOLVE_FAIL: return with_step("the linear equations of a step have no solution", h);
        default: return with_step("CVODE gave up with code " + std::to_string(flag), h);
    }
}

// A spike late in a long run may be passed in steps too small to move t. Many of them, or ever smaller ones,
// have no end.
bool Integrator::Memory::stuck(int idle, double t) const {
    constexpr int max_idle_steps = 2'000;
    constexpr double least = 1e-12 * DBL_EPSILON;
    double h = 0;
    CVodeGetLastStep(cvode_.get(), &h);
    return idle >= max_idle_steps || h < least * std::abs(t);
}

}  // namespace rondo
