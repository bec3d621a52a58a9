#include "runtime/integrate/cvode.h"

#include <algorithm>
#include <cassert>
#include <cfloat>
#include <cmath>
#include <cstdio>
#include <optional>
#include <stdexcept>

#include "dsl/syntax/error.h"
#include "runtime/integrate/events.h"
#include "runtime/integrate/history.h"
#include "runtime/integrate/modes.h"
#include "runtime/integrate/pattern.h"
#include "runtime/integrate/project.h"
#include "runtime/integrate/sundials.h"

namespace rondo {
namespace {

using namespace sundials;

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

// CVODE makes no step between times that hardly differ.
bool too_close(double t, double stop) {
    return std::isfinite(stop) && stop - t <= 100 * DBL_EPSILON * std::max(std::abs(t), std::abs(stop));
}

// One step of CVODE; or a moment, the initial one or one after a jump.
class CvodeStep final : public Step {
  public:
    CvodeStep(const CompiledModel& compiled, void* cvode, N_Vector handle, History& history, double t,
              std::span<double> y_now, std::span<double> parameters)
        : begin(t), end(t), cvode_(cvode), handle_(handle), history_(history), y_now_(y_now) {
        t0 = {&begin, 1};
        t1 = {&end, 1};
        y = y_now;
        p = parameters;
        model = &compiled;
        if (history.any()) p_then_.resize(parameters.size());
    }

    void interpolate(int, double t, std::span<double> out) const override {
        if (t == end) {
            std::copy(y.begin(), y.end(), out.begin());
            return;
        }
        if (y.empty()) return;
        N_VSetArrayPointer(out.data(), handle_);
        [[maybe_unused]] const int flag = CVodeGetDky(cvode_, t, 0, handle_);
        assert(flag == CV_SUCCESS && "t lies within the step");
    }

    std::span<const double> parameters(double t, std::span<const double> y_then) const override {
        if (!history_.any()) return p;
        std::copy(p.begin(), p.end(), p_then_.begin());
        y_then_.assign(y_then.begin(), y_then.end());
        history_.look_up({t, y_then_, p_then_});
        return p_then_;
    }

    // The step is over; its end is where the next one begins.
    void stay() {
        begin = end;
        y = y_now_;
    }

    double begin, end;

  private:
    void* cvode_;
    N_Vector handle_;
    History& history_;
    std::span<double> y_now_;
    mutable std::vector<double> p_then_, y_then_;
};

}  // namespace

struct Integrator::Memory {
    explicit Memory(const CompiledModel& compiled);
    // From the p and state() set before.
    Outcome run(std::span<const double> inputs, double t0, double t1, const IntegrateOptions&,
                std::span<const Intervention>, Observer&);
    std::span<double> state() { return {y_.get() ? N_VGetArrayPointer(y_.get()) : nullptr, n}; }

    const CompiledModel& model;
    const std::size_t n;
    std::vector<double> p;

  private:
    static int rhs(double t, N_Vector y, N_Vector dydt, void* self);
    static int jacobian(double t, N_Vector y, N_Vector, SUNMatrix matrix, void* self, N_Vector, N_Vector,
                        N_Vector);
    void create(double t0);
    void prepare(double t0, const IntegrateOptions&);
    void restart(double t);
    void count();
    bool stuck(int idle, double t) const;
    void cut(CvodeStep&, double t1);
    std::string stuck_reason() const;
    std::string reason(int flag, double h) const;
    // What jumps.
    Situation at(double t) { return {t, state(), p}; }
    bool begin_run(double t0);
    void settle(double t, bool crossing);
    void take_changes(double t);
    double next_change() const;
    double next_stop(double t) const;
    void remember(const CvodeStep&, double reached);
    Outcome march(CvodeStep&, double t1, const IntegrateOptions&, Observer&);

    const std::size_t size_;  // of y: at least 1, since CVODE has no use for an empty one
    Modes modes_;
    Events events_;
    History history_;
    std::span<const Intervention> changes_;  // still to come
    std::vector<double> inputs_;             // as given
    std::vector<double> values_;             // [nonzeros] of the Jacobian
    JacobianPattern pattern_;
    Context context_ = make_context();
    Vector y_, atol_, handle_;  // handle_: has no data of its own
    std::vector<double> last_;  // y at a time within the last step
    Matrix matrix_;
    LinearSolver solver_;
    Cvode cvode_;
    Method method_ = Method::bdf;
    std::optional<std::size_t> not_finite_;  // the state whose right-hand side was not, since t last moved
    long steps_ = 0, rhs_calls_ = 0, jacobian_calls_ = 0;
};

Integrator::Memory::Memory(const CompiledModel& compiled)
    : model(compiled),
      n(compiled.state_count()),
      p(compiled.parameter_count()),
      size_(std::max<std::size_t>(n, 1)),
      modes_(compiled),
      events_(compiled),
      history_(compiled) {
    assert(compiled.lanes() == 1);
    const auto size = static_cast<sunindextype>(size_);
    const auto new_vector = [&] { return Vector(N_VNew_Serial(size, context_.get())); };
    y_ = new_vector();
    atol_ = new_vector();
    N_VConst(0, y_.get());
    N_VConst(1, atol_.get());
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

// An entry that is not finite (the slope of a root at 0) is left out: the Jacobian only guides Newton's
// iteration, the right-hand side alone decides what a solution is.
int Integrator::Memory::jacobian(double t, N_Vector y, N_Vector, SUNMatrix matrix, void* self, N_Vector,
                                 N_Vector, N_Vector) {
    auto& memory = *static_cast<Memory*>(self);
    const JacobianPattern& pattern = memory.pattern_;
    if (memory.n > 0)
        memory.model.code().jacobian(&t, N_VGetArrayPointer(y), memory.p.data(), memory.values_.data());
    SUNMatZero(matrix);
    if (memory.n == 0) return 0;
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
    const auto tolerances = absolute_tolerances(model, t0, state(), p, options);
    std::copy(tolerances.begin(), tolerances.end(), N_VGetArrayPointer(atol_.get()));
    CVodeSVtolerances(cvode_.get(), options.rtol, atol_.get());
    const double lag = history_.shortest_lag(at(t0));
    const double longest = options.max_step > 0 ? std::min(options.max_step, lag) : lag;
    CVodeSetMaxStep(cvode_.get(), std::isfinite(longest) ? longest : 0);
    steps_ = rhs_calls_ = jacobian_calls_ = 0;
}

// Goes on from a jump, with the tolerances of the run.
void Integrator::Memory::restart(double t) {
    count();
    CVodeReInit(cvode_.get(), t, y_.get());
    if (pattern_.sparse) {
        const auto filled = static_cast<sunindextype>(pattern_.row_index.size());
        SUNLinSol_KLUReInit(solver_.get(), matrix_.get(), filled, SUNKLU_REINIT_PARTIAL);
    }
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

// ---- what jumps ----

// From p and state() as initialised to what the run starts with. False if the constraints cannot be met.
bool Integrator::Memory::begin_run(double t0) {
    history_.start(at(t0), inputs_);
    if (modes_.any()) modes_.start(at(t0));
    if (!project(model, at(t0))) return false;
    events_.start();
    settle(t0, false);
    return true;
}

// Modes and events at t, until nothing more happens there.
void Integrator::Memory::settle(double t, bool crossing) {
    const auto refresh = [&](bool smoothly) {
        history_.look_up(at(t));
        return modes_.any() && modes_.update(at(t), smoothly);
    };
    const auto changed = [&] {
        if (!project(model, at(t)))
            throw std::runtime_error("the algebraic rules cannot be met after an event");
        refresh(false);
    };
    const bool met = refresh(crossing);
    events_.settle(at(t), changed);
    if (met) {
        refresh(false);
        events_.settle(at(t), changed);
    }
}

void Integrator::Memory::take_changes(double t) {
    for (; !changes_.empty() && changes_.front().t <= t; changes_ = changes_.subspan(1))
        changes_.front().apply(t, state(), p);
}

double Integrator::Memory::next_change() const {
    return changes_.empty() ? std::numeric_limits<double>::infinity() : changes_.front().t;
}

double Integrator::Memory::next_stop(double t) const {
    return std::min({next_change(), events_.next(), history_.next_echo(t)});
}

void Integrator::Memory::remember(const CvodeStep& step, double reached) {
    if (!history_.any()) return;
    int order = 0;
    CVodeGetLastOrder(cvode_.get(), &order);
    history_.add(step.begin, step.end, reached, order, p, [&](int k, double* out) {
        if (n == 0) return;
        N_VSetArrayPointer(out, handle_.get());
        CVodeGetDky(cvode_.get(), reached, k, handle_.get());
    });
}

Outcome Integrator::Memory::march(CvodeStep& step, double t1, const IntegrateOptions& options,
                                  Observer& observer) {
    constexpr double longest = 1e200;  // CVODE itself does not come back where a step overflows
    int idle = 0;
    for (long taken = 0; taken < options.max_steps; ++taken) {
        step.stay();
        const double stop = next_stop(step.end);
        if (std::isfinite(stop)) CVodeSetStopTime(cvode_.get(), stop);
        // For a first step alone; not t1, on which steps must not depend.
        const double hint = step.end + std::max(1.0, std::abs(step.end));
        double reached = stop;
        const bool at_once = too_close(step.end, stop);
        if (at_once) {
            step.end = stop;
            step.stay();
        } else if (const int flag = CVode(cvode_.get(), hint, y_.get(), &reached, CV_ONE_STEP); flag < 0) {
            double h = 0;
            CVodeGetCurrentStep(cvode_.get(), &h);
            return failed(step.end, reason(flag, h));
        }
        if (!(std::abs(reached) < longest)) return failed(step.end, "the time grew beyond all bounds");
        step.end = reached;
        if (reached > t1) cut(step, t1);
        const auto change = modes_.first_change(step, step.end);
        if (change && *change < step.end) cut(step, *change);
        remember(step, reached);
        const bool is_echo = !change && step.end < std::min(next_change(), events_.next());
        step.jumps = change || step.end == stop;
        idle = reached == step.begin && !at_once ? idle + 1 : 0;
        if (idle == 0) not_finite_.reset();
        if (idle > 0 && stuck(idle, reached)) return failed(step.end, stuck_reason());
        bool stop_asked = observer.step(step);
        if (step.jumps && !stop_asked) {
            std::copy(step.y.begin(), step.y.end(), state().begin());
            take_changes(step.end);
            settle(step.end, true);
            if (!is_echo) history_.remember_jump(at(step.end));
            restart(step.end);
            step.stay();
            step.jumps = false;
            stop_asked = observer.step(step);
        }
        if (step.end >= t1) return ended(Outcome::Kind::finished, t1);
        if (stop_asked) return ended(Outcome::Kind::stopped, step.end);
    }
    return failed(step.end, "step limit of " + std::to_string(options.max_steps) + " reached");
}

Outcome Integrator::Memory::run(std::span<const double> inputs, double t0, double t1,
                                const IntegrateOptions& options, std::span<const Intervention> changes,
                                Observer& observer) {
    const auto y = state();
    if (const auto bad = first_not_finite(y.data(), n))
        return failed(
            t0, "the initial value of '" + model.system().states[*bad] + "' is not finite (inf or nan)");
    changes_ = changes;
    inputs_.assign(inputs.begin(), inputs.end());
    try {
        take_changes(t0);
        if (!begin_run(t0))
            return failed(t0, "the algebraic rules and fast reactions have no solution at the start");
        prepare(t0, options);
        CvodeStep step(model, cvode_.get(), handle_.get(), history_, t0, y, p);
        if (observer.start(step)) return ended(Outcome::Kind::stopped, t0);
        Outcome outcome = march(step, t1, options, observer);
        count();
        outcome.steps = static_cast<std::uint64_t>(steps_);
        outcome.rhs_calls = static_cast<std::uint64_t>(rhs_calls_);
        outcome.jacobian_calls = static_cast<std::uint64_t>(jacobian_calls_);
        return outcome;
    } catch (const std::runtime_error& error) {  // of events, at the time that was reached
        return failed(t0, error.what());
    }
}

Integrator::Integrator(const CompiledModel& model) : memory_(std::make_unique<Memory>(model)) {}
Integrator::~Integrator() = default;
Integrator::Integrator(Integrator&&) noexcept = default;

Outcome Integrator::run(std::span<const double> inputs, double t0, double t1, const IntegrateOptions& options,
                        Observer& observer, std::span<const Intervention> changes) {
    check(options, t0, t1);
    check_inputs(memory_->model.system(), inputs);
    std::copy(inputs.begin(), inputs.end(), memory_->p.begin());
    memory_->model.code().initialize(&t0, memory_->p.data(), memory_->state().data());
    return memory_->run(inputs, t0, t1, options, changes, observer);
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
