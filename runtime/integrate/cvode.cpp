#include "runtime/integrate/cvode.h"

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_version.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunmatrix/sunmatrix_sparse.h>

#include <algorithm>
#include <cassert>
#include <cfloat>
#include <cmath>
#include <cstdio>
#include <optional>

#include "dsl/syntax/error.h"
#include "runtime/integrate/pattern.h"

namespace rondo {
namespace {

template <auto destroy>
struct Destroy {
    template <class T>
    void operator()(T* handle) const {
        destroy(handle);
    }
};
void free_context(SUNContext context) {
    SUNContext_Free(&context);
}
void free_cvode(void* memory) {
    CVodeFree(&memory);
}
template <class Handle, auto destroy>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Destroy<destroy>>;
using Context = Owned<SUNContext, free_context>;
using Vector = Owned<N_Vector, N_VDestroy>;
using Matrix = Owned<SUNMatrix, SUNMatDestroy>;
using LinearSolver = Owned<SUNLinearSolver, SUNLinSolFree>;
using Cvode = Owned<void*, free_cvode>;

// SUNDIALS prints its complaints to stderr unless told not to. Ours are told by Outcome alone.
#if SUNDIALS_VERSION_MAJOR >= 7
Context make_context() {
    SUNContext context = nullptr;
    SUNContext_Create(SUN_COMM_NULL, &context);
    SUNContext_ClearErrHandlers(context);
    return Context(context);
}
void silence(void*) {}
#else
Context make_context() {
    SUNContext context = nullptr;
    SUNContext_Create(nullptr, &context);
    return Context(context);
}
void silence(void* cvode) {
    CVodeSetErrHandlerFn(
        cvode, [](int, const char*, const char*, char*, void*) {}, nullptr);
}
#endif

void check(const IntegrateOptions& options, double t0, double t1) {
    const auto refuse = [](const char* name, double value, const char* expected) {
        char text[120];
        std::snprintf(text, sizeof text, "%s is %g; it must be %s", name, value, expected);
        throw Error(Fault::input, text);
    };
    if (!(options.rtol > 0) || !std::isfinite(options.rtol)) refuse("rtol", options.rtol, "> 0");
    if (options.atol < 0) refuse("atol", options.atol, ">= 0");
    if (options.max_steps < 1) refuse("max_steps", static_cast<double>(options.max_steps), ">= 1");
    if (!(options.max_step >= 0)) refuse("max_step", options.max_step, ">= 0");
    if (!std::isfinite(t0)) refuse("the start time", t0, "finite");
    if (!(t1 > t0)) refuse("the end time", t1, "later than the start time");
}

void check_inputs(const OdeSystem& system, std::span<const double> inputs) {
    assert(inputs.size() == system.inputs.size());
    const auto missing = missing_inputs(system, inputs);
    if (missing.empty()) return;
    std::string names;
    for (const auto& name : missing) names += (names.empty() ? "'" : ", '") + name + "'";
    throw Error(Fault::input, "there is no value for " + names + "; give one in the model or set it");
}

std::optional<std::size_t> first_not_finite(const double* values, std::size_t n) {
    bool bad = false;  // no early exit, so that the usual case is a vector loop
    for (std::size_t i = 0; i < n; ++i) bad |= !(std::abs(values[i]) <= DBL_MAX);
    if (!bad) return std::nullopt;
    const double* found = std::find_if_not(values, values + n, [](double v) { return std::isfinite(v); });
    return static_cast<std::size_t>(found - values);
}

std::string with_step(const std::string& text, double h) {
    char number[40];
    std::snprintf(number, sizeof number, " (h = %.3g)", h);
    return text + number;
}

Outcome failed(double t, std::string reason) {
    Outcome outcome;
    outcome.kind = Outcome::Kind::failed;
    outcome.t = t;
    outcome.reason = std::move(reason);
    return outcome;
}

Outcome ended(Outcome::Kind kind, double t) {
    Outcome outcome;
    outcome.kind = kind;
    outcome.t = t;
    return outcome;
}

// One step of CVODE, or the initial state while there is none.
class CvodeStep final : public Step {
  public:
    CvodeStep(const CompiledModel& compiled, void* cvode, N_Vector handle, double t,
              std::span<const double> y_now, std::span<const double> parameters)
        : begin(t), end(t), cvode_(cvode), handle_(handle) {
        t0 = {&begin, 1};
        t1 = {&end, 1};
        y = y_now;
        p = parameters;
        model = &compiled;
    }

    void interpolate(int, double t, std::span<double> out) const override {
        if (t == end) {
            std::copy(y.begin(), y.end(), out.begin());
            return;
        }
        N_VSetArrayPointer(out.data(), handle_);
        [[maybe_unused]] const int flag = CVodeGetDky(cvode_, t, 0, handle_);
        assert(flag == CV_SUCCESS && "t lies within the step");
    }

    double begin, end;

  private:
    void* cvode_;
    N_Vector handle_;
};

// The trivial step of a model without states.
class EmptyStep final : public Step {
  public:
    void interpolate(int, double, std::span<double>) const override {}
};

}  // namespace

struct Integrator::Memory {
    explicit Memory(const CompiledModel& compiled);
    // From the p and state() set before.
    Outcome run(double t0, double t1, const IntegrateOptions&, Observer&);
    std::span<double> state() const { return n ? data(y_) : std::span<double>(); }

    const CompiledModel& model;
    const std::size_t n;
    std::vector<double> p;

  private:
    static int rhs(double t, N_Vector y, N_Vector dydt, void* self);
    static int jacobian(double t, N_Vector y, N_Vector, SUNMatrix matrix, void* self, N_Vector, N_Vector,
                        N_Vector);
    void create(double t0);
    void prepare(double t0, const IntegrateOptions&);
    bool stuck(int idle, double t) const;
    void cut(CvodeStep&, double t1);
    std::string stuck_reason() const;
    std::string reason(int flag, double h) const;
    Outcome march(CvodeStep&, double t1, const IntegrateOptions&, Observer&);
    Outcome run_without_states(double t0, double t1, Observer&);
    std::span<double> data(const Vector& vector) const { return {N_VGetArrayPointer(vector.get()), n}; }

    std::vector<double> values_;  // [nonzeros] of the Jacobian
    JacobianPattern pattern_;
    Context context_ = make_context();
    Vector y_, atol_, handle_;  // handle_: has no data of its own
    std::vector<double> last_;  // y at a t1 within the last step
    Matrix matrix_;
    LinearSolver solver_;
    Cvode cvode_;
    Method method_ = Method::bdf;
    std::optional<std::size_t> not_finite_;  // the state whose right-hand side was not, since t last moved
};

Integrator::Memory::Memory(const CompiledModel& compiled)
    : model(compiled), n(compiled.state_count()), p(compiled.parameter_count()) {
    assert(compiled.lanes() == 1);
    if (n == 0) return;
    const auto size = static_cast<sunindextype>(n);
    const auto new_vector = [&] { return Vector(N_VNew_Serial(size, context_.get())); };
    y_ = new_vector();
    atol_ = new_vector();
    handle_ = Vector(N_VNewEmpty_Serial(size, context_.get()));
    last_.resize(n);
    values_.resize(model.system().row_index.size());
    pattern_ = choose_pattern(model.system());
    if (pattern_.sparse) {
        const auto filled = static_cast<sunindextype>(pattern_.row_index.size());
        matrix_ = Matrix(SUNSparseMatrix(size, size, filled, CSC_MAT, context_.get()));
        solver_ = LinearSolver(SUNLinSol_KLU(y_.get(), matrix_.get(), context_.get()));
    } else {
        matrix_ = Matrix(SUNDenseMatrix(size, size, context_.get()));
        solver_ = LinearSolver(SUNLinSol_Dense(y_.get(), matrix_.get(), context_.get()));
    }
}

int Integrator::Memory::rhs(double t, N_Vector y, N_Vector dydt, void* self) {
    auto& memory = *static_cast<Memory*>(self);
    double* out = N_VGetArrayPointer(dydt);
    memory.model.code().rhs(&t, N_VGetArrayPointer(y), memory.p.data(), out);
    const auto bad = first_not_finite(out, memory.n);
    if (!bad) return 0;
    memory.not_finite_ = bad;
    return 1;  // CVODE tries a smaller step
}

// An entry that is not finite (the slope of a root at 0) is left out: the Jacobian only guides Newton's
// iteration, the right-hand side alone decides what a solution is.
int Integrator::Memory::jacobian(double t, N_Vector y, N_Vector, SUNMatrix matrix, void* self, N_Vector,
                                 N_Vector, N_Vector) {
    auto& memory = *static_cast<Memory*>(self);
    const JacobianPattern& pattern = memory.pattern_;
    memory.model.code().jacobian(&t, N_VGetArrayPointer(y), memory.p.data(), memory.values_.data());
    SUNMatZero(matrix);
    double* out = pattern.sparse ? SUNSparseMatrix_Data(matrix) : SUNDenseMatrix_Data(matrix);
    if (pattern.sparse) {
        std::copy(pattern.column_start.begin(), pattern.column_start.end(),
                  SUNSparseMatrix_IndexPointers(matrix));
        std::copy(pattern.row_index.begin(), pattern.row_index.end(), SUNSparseMatrix_IndexValues(matrix));
    }
    for (std::size_t k = 0; k < memory.values_.size(); ++k)
        out[pattern.slot[k]] = std::isfinite(memory.values_[k]) ? memory.values_[k] : 0;
    return 0;
}

void Integrator::Memory::create(double t0) {
    cvode_ = Cvode(CVodeCreate(method_ == Method::bdf ? CV_BDF : CV_ADAMS, context_.get()));
    silence(cvode_.get());
    CVodeInit(cvode_.get(), rhs, t0, y_.get());
    CVodeSetUserData(cvode_.get(), this);
    CVodeSetLinearSolver(cvode_.get(), solver_.get(), matrix_.get());
    CVodeSetJacFn(cvode_.get(), jacobian);
}

// Brings the memory to what it is before a first run, whatever it has done.
void Integrator::Memory::prepare(double t0, const IntegrateOptions& options) {
    if (!cvode_ || method_ != options.method) {
        method_ = options.method;
        create(t0);
    } else {
        CVodeReInit(cvode_.get(), t0, y_.get());
        if (pattern_.sparse) {  // else the pivots of the run before would be used again
            const auto filled = static_cast<sunindextype>(pattern_.row_index.size());
            SUNLinSol_KLUReInit(solver_.get(), matrix_.get(), filled, SUNKLU_REINIT_PARTIAL);
        }
    }
    not_finite_.reset();
    const auto tolerances = absolute_tolerances(model, t0, data(y_), p, options);
    std::copy(tolerances.begin(), tolerances.end(), data(atol_).begin());
    CVodeSVtolerances(cvode_.get(), options.rtol, atol_.get());
    CVodeSetMaxStep(cvode_.get(), options.max_step);
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

// Ends the step at t1.
void Integrator::Memory::cut(CvodeStep& step, double t1) {
    step.interpolate(0, t1, last_);
    step.y = last_;
    step.end = t1;
}

Outcome Integrator::Memory::march(CvodeStep& step, double t1, const IntegrateOptions& options,
                                  Observer& observer) {
    const double hint = step.begin + std::max(1.0, std::abs(step.begin));  // for the first step; not t1, on
                                                                           // which steps must not depend
    constexpr double longest = 1e200;  // CVODE itself does not come back where a step overflows
    int idle = 0;
    for (long taken = 0; taken < options.max_steps; ++taken) {
        step.begin = step.end;
        double reached = 0;
        const int flag = CVode(cvode_.get(), hint, y_.get(), &reached, CV_ONE_STEP);
        if (flag < 0) {
            double h = 0;
            CVodeGetCurrentStep(cvode_.get(), &h);
            return failed(step.end, reason(flag, h));
        }
        if (!(std::abs(reached) < longest)) return failed(step.end, "the time grew beyond all bounds");
        if (reached >= t1) {
            step.end = reached;
            cut(step, t1);
            observer.step(step);
            return ended(Outcome::Kind::finished, t1);
        }
        idle = reached == step.begin ? idle + 1 : 0;
        if (idle == 0) not_finite_.reset();
        if (idle > 0 && stuck(idle, reached)) return failed(step.end, stuck_reason());
        step.end = reached;
        if (observer.step(step)) return ended(Outcome::Kind::stopped, step.end);
    }
    return failed(step.end, "step limit of " + std::to_string(options.max_steps) + " reached");
}

Outcome Integrator::Memory::run_without_states(double t0, double t1, Observer& observer) {
    if (!std::isfinite(t1))
        throw Error(Fault::input, "a model without states runs to a finite end time only; give one");
    EmptyStep step;
    double begin = t0, end = t0;
    step.t0 = {&begin, 1};
    step.t1 = {&end, 1};
    step.p = p;
    step.model = &model;
    if (observer.start(step)) return ended(Outcome::Kind::stopped, t0);
    end = t1;
    observer.step(step);
    return ended(Outcome::Kind::finished, t1);
}

Outcome Integrator::Memory::run(double t0, double t1, const IntegrateOptions& options, Observer& observer) {
    if (n == 0) return run_without_states(t0, t1, observer);
    const auto y = data(y_);
    prepare(t0, options);
    CvodeStep step(model, cvode_.get(), handle_.get(), t0, y, p);
    if (const auto bad = first_not_finite(y.data(), n))
        return failed(step.end, "the initial value of '" + model.system().states[*bad] +
                                    "' is not finite (inf or nan)");
    if (observer.start(step)) return ended(Outcome::Kind::stopped, t0);
    Outcome outcome = march(step, t1, options, observer);
    long steps = 0, rhs_calls = 0, jacobian_calls = 0;
    CVodeGetNumSteps(cvode_.get(), &steps);
    CVodeGetNumRhsEvals(cvode_.get(), &rhs_calls);
    CVodeGetNumJacEvals(cvode_.get(), &jacobian_calls);
    outcome.steps = static_cast<std::uint64_t>(steps);
    outcome.rhs_calls = static_cast<std::uint64_t>(rhs_calls);
    outcome.jacobian_calls = static_cast<std::uint64_t>(jacobian_calls);
    return outcome;
}

Integrator::Integrator(const CompiledModel& model) : memory_(std::make_unique<Memory>(model)) {}
Integrator::~Integrator() = default;
Integrator::Integrator(Integrator&&) noexcept = default;

Outcome Integrator::run(std::span<const double> inputs, double t0, double t1, const IntegrateOptions& options,
                        Observer& observer) {
    check(options, t0, t1);
    check_inputs(memory_->model.system(), inputs);
    std::copy(inputs.begin(), inputs.end(), memory_->p.begin());
    memory_->model.code().initialize(&t0, memory_->p.data(), memory_->state().data());
    return memory_->run(t0, t1, options, observer);
}

Outcome Integrator::resume(std::span<const double> p, std::span<const double> y, double t0, double t1,
                           const IntegrateOptions& options, Observer& observer) {
    check(options, t0, t1);
    assert(p.size() == memory_->p.size() && y.size() == memory_->n);
    std::copy(p.begin(), p.end(), memory_->p.begin());
    std::copy(y.begin(), y.end(), memory_->state().begin());
    return memory_->run(t0, t1, options, observer);
}

Outcome integrate(const CompiledModel& model, std::span<const double> inputs, double t0, double t1,
                  const IntegrateOptions& options, Observer& observer) {
    return Integrator(model).run(inputs, t0, t1, options, observer);
}

std::string sundials_version() {
    char text[40];
    SUNDIALSGetVersion(text, sizeof text);
    return text;
}

}  // namespace rondo
