// memory.h: a run of CVODE in the making. Private to runtime/integrate.
#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "runtime/integrate/cvode.h"
#include "runtime/integrate/events.h"
#include "runtime/integrate/history.h"
#include "runtime/integrate/modes.h"
#include "runtime/integrate/pattern.h"
#include "runtime/integrate/precondition.h"
#include "runtime/integrate/slopes.h"
#include "runtime/integrate/sundials.h"
#include "runtime/integrate/way_back.h"

namespace rondo {

// One step of CVODE; or a moment, the initial one or one after a jump.
class CvodeStep final : public Step {
  public:
    using Step::interpolate;
    CvodeStep(const CompiledModel& compiled, void* cvode, N_Vector handle, History& history, double t,
              std::span<double> y_now, std::span<double> parameters, const Slopes& slopes_now)
        : begin(t),
          end(t),
          cvode_(cvode),
          handle_(handle),
          history_(history),
          y_now_(y_now),
          slopes_(slopes_now) {
        t0 = {&begin, 1};
        t1 = {&end, 1};
        y = y_now;
        p = parameters;
        p_slopes = slopes_now.p;
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
        CVodeGetDky(cvode_, t, 0, handle_);
    }

    std::span<const double> parameters(double t, std::span<const double> y_then) const override {
        if (!history_.any()) return p;
        std::copy(p.begin(), p.end(), p_then_.begin());
        y_then_.assign(y_then.begin(), y_then.end());
        history_.look_up({t, y_then_, p_then_});
        return p_then_;
    }

    void slopes(double t, std::span<double> out) const override {
        if (begin == end) {
            std::copy(slopes_.y.begin(), slopes_.y.end(), out.begin());
            return;
        }
        for (std::size_t k = 0; k < slopes_.count && !y.empty(); ++k) {
            N_VSetArrayPointer(out.data() + k * y.size(), handle_);
            CVodeGetSensDky1(cvode_, t, 0, static_cast<int>(k), handle_);
        }
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
    const Slopes& slopes_;
    mutable std::vector<double> p_then_, y_then_;
};

// The first of n values that is inf or nan.
std::optional<std::size_t> first_not_finite(const double* values, std::size_t n);

struct Integrator::Memory {
    Memory(const CompiledModel& compiled, const SlopeCode*);
    // From the p, state() and slopes set before.
    Outcome run(std::span<const double> inputs, double t0, double t1, const IntegrateOptions&,
                std::span<const Intervention>, Observer&);
    // Runs from now on can be gone back.
    void keep_way() { way_back_.emplace(*slope_code_, p, y_.get(), context_.get()); }
    Adjoint back(std::span<const Pull>);
    std::span<double> state() { return {y_.get() ? N_VGetArrayPointer(y_.get()) : nullptr, n}; }

    const CompiledModel& model;
    const std::size_t n;
    std::vector<double> p;
    Slopes slopes;  // at the last start or jump

  private:
    static int rhs(double t, N_Vector y, N_Vector dydt, void* self);
    static int jacobian(double t, N_Vector y, N_Vector, SUNMatrix matrix, void* self, N_Vector, N_Vector,
                        N_Vector);
    static int slope_rhs(int count, double t, N_Vector y, N_Vector, N_Vector* s, N_Vector* dsdt, void* self,
                         N_Vector, N_Vector);
    static int precondition(double t, N_Vector y, N_Vector, int keep, int* renewed, double gamma, void* self);
    static int solve(double, N_Vector, N_Vector, N_Vector right, N_Vector out, double, double, int,
                     void* self);
    void make_solver();
    void create(double t0);
    void forget_pivots();
    void prepare_slopes(double rtol);
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
    void begin_jump(double t, bool crossing);
    void settle(double t, bool crossing);
    void read_slopes(double t);
    void cross(double t);
    void take_changes(double t);
    double next_change() const;
    double next_stop(double t) const;
    void remember(const CvodeStep&, double reached);
    int advance(double hint, double& reached);
    Outcome march(CvodeStep&, double t1, const IntegrateOptions&, Observer&);

    bool has_slopes() const { return slopes.count > 0 && n > 0; }

    const SlopeCode* const slope_code_;
    std::optional<SlopeJump> jump_;  // being made
    std::size_t slopes_ready_ = 0;   // directions that CVODES is set up for
    std::vector<sundials::Vector> slope_vectors_;
    std::vector<N_Vector> slope_handles_;
    std::vector<double> by_parameters_;  // non-zeros of df/dp
    const std::size_t size_;             // of y: at least 1, since CVODE has no use for an empty one
    Modes modes_;
    Events events_;
    History history_;
    std::span<const Intervention> changes_;  // still to come
    std::vector<double> inputs_;             // as given
    std::vector<double> values_;             // [nonzeros] of the Jacobian
    JacobianPattern pattern_;
    sundials::Context context_ = sundials::make_context();
    sundials::Vector y_, atol_, slope_atol_, handle_;  // handle_: has no data of its own
    std::vector<double> last_;                         // y at a time within the last step
    sundials::Matrix matrix_;
    sundials::LinearSolver solver_;
    std::optional<WayBack> way_back_;
    double rtol_ = 0;                               // of the last run
    std::optional<Preconditioner> preconditioner_;  // of iterative solvers
    sundials::Cvode cvode_;
    Method method_ = Method::bdf;
    std::optional<std::size_t> not_finite_;  // the state whose right-hand side was not, since t last moved
    long steps_ = 0, rhs_calls_ = 0, jacobian_calls_ = 0;
};

}  // namespace rondo
