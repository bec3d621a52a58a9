// way_back.cpp: lambda' = -(df/dy)^T lambda from the last pull to the start, jump by jump, and the integrals
// of lambda^T df/dp.
#include "runtime/integrate/way_back.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "runtime/integrate/direct.h"

namespace rondo {

using namespace sundials;

namespace {

constexpr long steps_kept = 1000;  // between check points: few runs are longer, so few are made twice

// Where the transposed Jacobian is kept; slot: by the Jacobian's own order.
JacobianPattern transposed(const OdeSystem& system) {
    OdeSystem turned;
    turned.states = system.states;
    std::vector<std::uint32_t> column(system.row_index.size()), order(column.size());
    for (std::uint32_t k = 0; k < system.states.size(); ++k)
        std::fill(column.begin() + system.column_start[k], column.begin() + system.column_start[k + 1], k);
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {}, [&](std::uint32_t k) { return system.row_index[k]; });
    turned.column_start.assign(system.states.size() + 1, 0);
    for (const std::uint32_t k : order) {
        ++turned.column_start[system.row_index[k] + 1];
        turned.row_index.push_back(column[k]);
    }
    std::partial_sum(turned.column_start.begin(), turned.column_start.end(), turned.column_start.begin());
    JacobianPattern pattern = choose_pattern(system).sparse ? sparse_pattern(turned) : dense_pattern(turned);
    const auto slots = pattern.slot;
    for (std::size_t k = 0; k < order.size(); ++k) pattern.slot[order[k]] = slots[k];
    return pattern;
}

// [rows]^T [rows][columns] of a matrix by column, minus.
template <class Starts, class Rows>
void minus_transposed(const Starts& starts, const Rows& rows, const std::vector<double>& values,
                      const double* from, double* out) {
    for (std::size_t column = 0; column + 1 < starts.size(); ++column) {
        double sum = 0;
        for (auto k = starts[column]; k < starts[column + 1]; ++k)
            if (std::isfinite(values[k])) sum -= values[k] * from[rows[k]];
        out[column] = sum;
    }
}

}  // namespace

WayBack::WayBack(const SlopeCode& code, std::vector<double>& p, N_Vector y, SUNContext context)
    : code_(code),
      p_(p),
      n_(code.model().state_count()),
      pattern_(transposed(code.model().system())),
      values_(code.model().system().row_index.size()),
      by_parameters_(code.by_parameters().row_index.size()),
      y_(N_VClone(y)),
      lambda_(N_VClone(y)),
      atol_(N_VClone(y)) {
    const auto integrals = std::max<sunindextype>(std::ssize(code.by_parameters().columns), 1);
    integrals_ = Vector(N_VNew_Serial(integrals, context));
    integrals_atol_ = Vector(N_VNew_Serial(integrals, context));
    matrix_ = make_matrix(pattern_, y, context);
    solver_ = make_solver(pattern_, y, matrix_.get(), context);
}

void WayBack::attach(void* cvode) {
    cvode_ = cvode;
    which_ = -1;
    CVodeAdjInit(cvode, steps_kept, CV_POLYNOMIAL);
}

void WayBack::forget() {
    stretches_.clear();
    directions_ = {};
}

Slopes& WayBack::directions() {
    const std::size_t P = p_.size(), count = n_ + P;
    directions_ = {count, std::vector<double>(count * P), std::vector<double>(count * n_)};
    for (std::size_t i = 0; i < n_; ++i) directions_.y[i * n_ + i] = 1;
    for (std::size_t i = 0; i < P; ++i) directions_.p[(n_ + i) * P + i] = 1;
    return directions_;
}

void WayBack::begin(double t, N_Vector y) {
    const double* state = N_VGetArrayPointer(y);
    Stretch stretch{t, {state, state + n_}, p_, {}};
    const std::size_t P = p_.size();
    for (std::size_t before = 0; before < directions_.count; ++before)
        for (std::size_t after = 0; after < directions_.count; ++after) {
            const double change =
                (after < n_ ? directions_.y[before * n_ + after] : directions_.p[before * P + after - n_]) -
                (after == before ? 1 : 0);
            if (change != 0) stretch.jump.push_back({after, before, change});
        }
    directions_ = {};
    stretches_.push_back(std::move(stretch));
    CVodeAdjReInit(cvode_);
}

int WayBack::advance(double hint, N_Vector y, double& reached) {
    int check_points = 0;
    return CVodeF(cvode_, hint, y, &reached, CV_ONE_STEP, &check_points);
}

int WayBack::rhs(double t, N_Vector y, N_Vector lambda, N_Vector out, void* self) {
    auto& way = *static_cast<WayBack*>(self);
    const OdeSystem& system = way.code_.model().system();
    way.code_.model().code().jacobian(&t, N_VGetArrayPointer(y), way.p_.data(), way.values_.data());
    minus_transposed(system.column_start, system.row_index, way.values_, N_VGetArrayPointer(lambda),
                     N_VGetArrayPointer(out));
    ++way.calls_;
    return 0;
}

int WayBack::integrand(double t, N_Vector y, N_Vector lambda, N_Vector out, void* self) {
    auto& way = *static_cast<WayBack*>(self);
    const SlopeCode::Matrix& by_p = way.code_.by_parameters();
    N_VConst(0, out);
    way.code_.by_parameters(t, N_VGetArrayPointer(y), way.p_.data(), way.by_parameters_.data());
    minus_transposed(by_p.column_start, by_p.row_index, way.by_parameters_, N_VGetArrayPointer(lambda),
                     N_VGetArrayPointer(out));
    ++way.calls_;
    return 0;
}

int WayBack::jacobian(double t, N_Vector y, N_Vector, N_Vector, SUNMatrix matrix, void* self, N_Vector,
                      N_Vector, N_Vector) {
    auto& way = *static_cast<WayBack*>(self);
    way.code_.model().code().jacobian(&t, N_VGetArrayPointer(y), way.p_.data(), way.values_.data());
    fill(matrix, way.pattern_, way.values_, -1);
    return 0;
}

// An error of lambda counts by what it makes of a change of the state by its own magnitude, which the run's
// tolerances tell (see absolute_tolerances()); that of an integral, of the parameter.
void WayBack::set_tolerances(double rtol, std::span<const double> atol) {
    const double own = slope_tolerance * rtol;
    for (std::size_t i = 0; i < n_; ++i)
        N_VGetArrayPointer(atol_.get())[i] = atol[i] > 0 ? own * 1e-3 * rtol / atol[i] : own;
    const auto& columns = code_.by_parameters().columns;
    N_VConst(own, integrals_atol_.get());
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (const double size = std::abs(p_[columns[i]]); size > 0)
            N_VGetArrayPointer(integrals_atol_.get())[i] = own / size;
    CVodeSVtolerancesB(cvode_, which_, own, atol_.get());
    CVodeQuadSVtolerancesB(cvode_, which_, own, integrals_atol_.get());
}

void WayBack::create(double t) {
    CVodeCreateB(cvode_, CV_BDF, &which_);
    CVodeInitB(cvode_, which_, rhs, t, lambda_.get());
    CVodeSetUserDataB(cvode_, which_, this);
    CVodeSetLinearSolverB(cvode_, which_, solver_.get(), matrix_.get());
    CVodeSetJacFnB(cvode_, which_, jacobian);
    CVodeSetMaxNumStepsB(cvode_, which_, 1'000'000);
    CVodeQuadInitB(cvode_, which_, integrand, integrals_.get());
    CVodeSetQuadErrConB(cvode_, which_, SUNTRUE);
}

// Forward along a stretch, to its end.
bool WayBack::make_again(const Stretch& stretch, double end) {
    std::ranges::copy(stretch.y, N_VGetArrayPointer(y_.get()));
    CVodeReInit(cvode_, stretch.t, y_.get());
    CVodeAdjReInit(cvode_);
    CVodeSetStopTime(cvode_, end);
    for (double reached = stretch.t; reached < end;)
        if (advance(end, y_.get(), reached) < 0) return false;
    long calls = 0;
    CVodeGetNumRhsEvals(cvode_, &calls);
    calls_ += static_cast<std::uint64_t>(calls);
    return true;
}

bool WayBack::go(double from, double to) {
    CVodeReInitB(cvode_, which_, from, lambda_.get());
    CVodeQuadReInitB(cvode_, which_, integrals_.get());
    if (CVodeB(cvode_, to, CV_NORMAL) < 0) return false;
    CVodeGetB(cvode_, which_, &to, lambda_.get());
    CVodeGetQuadB(cvode_, which_, &to, integrals_.get());
    return true;
}

void WayBack::add_integrals() {
    const auto& columns = code_.by_parameters().columns;
    for (std::size_t i = 0; i < columns.size(); ++i)
        of_p_[columns[i]] += N_VGetArrayPointer(integrals_.get())[i];
    N_VConst(0, integrals_.get());
}

void WayBack::cross(const Stretch& stretch) {
    if (stretch.jump.empty()) return;
    std::vector<double> after(lambda().begin(), lambda().end());
    after.insert(after.end(), of_p_.begin(), of_p_.end());
    for (const Entry& entry : stretch.jump)
        (entry.before < n_ ? lambda()[entry.before] : of_p_[entry.before - n_]) +=
            entry.change * after[entry.after];
}

Adjoint WayBack::run(std::span<const Pull> pulls, double rtol, std::span<const double> atol) {
    Adjoint result;
    N_VConst(0, lambda_.get());
    N_VConst(0, integrals_.get());
    of_p_.assign(p_.size(), 0);
    calls_ = 0;
    const auto failed = [&] {
        result.failure = "the run back failed";
        result.rhs_calls = calls_;
        return result;
    };
    double t = pulls.empty() ? stretches_.front().t : pulls.back().t;
    p_ = stretches_.front().p;
    if (which_ < 0) create(t);
    set_tolerances(rtol, atol);
    forget_pivots(pattern_, solver_.get(), matrix_.get());
    std::size_t left = pulls.size();
    for (std::size_t s = stretches_.size(); s-- > 0;) {
        const Stretch& stretch = stretches_[s];
        if (t < stretch.t) continue;
        p_ = stretch.p;
        const bool is_kept = s + 1 == stretches_.size();
        if (!is_kept && t > stretch.t && !make_again(stretch, t)) return failed();
        for (; left > 0 && pulls[left - 1].t >= stretch.t; --left) {
            const Pull& pull = pulls[left - 1];
            if (pull.t < t && !go(t, pull.t)) return failed();
            t = pull.t;
            for (std::size_t k = 0; k < n_; ++k) lambda()[k] += pull.by_state[k];
            for (std::size_t k = 0; k < of_p_.size(); ++k) of_p_[k] += pull.by_parameters[k];
        }
        if (t > stretch.t && !go(t, stretch.t)) return failed();
        t = stretch.t;
        add_integrals();
        cross(stretch);
    }
    result.by_start.assign(lambda().begin(), lambda().end());
    result.by_parameters = of_p_;
    result.rhs_calls = calls_;
    return result;
}

}  // namespace rondo
