// way_back.cpp: lambda' = -(df/dy)^T lambda from the last pull to the start, and the integrals of lambda^T
// df/dp.
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

WayBack::WayBack(const SlopeCode& code, const std::vector<double>& p, N_Vector y, SUNContext context)
    : code_(code),
      p_(p),
      n_(code.model().state_count()),
      pattern_(transposed(code.model().system())),
      values_(code.model().system().row_index.size()),
      by_parameters_(code.by_parameters().row_index.size()),
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

void WayBack::begin(double t0) {
    t0_ = t0;
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

Adjoint WayBack::run(std::span<const Pull> pulls, double rtol, std::span<const double> atol) {
    Adjoint result;
    N_VConst(0, lambda_.get());
    N_VConst(0, integrals_.get());
    calls_ = 0;
    double t = pulls.empty() ? t0_ : pulls.back().t;
    const auto go = [&](double next) {
        if (which_ < 0) {
            create(t);
            set_tolerances(rtol, atol);
        } else {
            CVodeReInitB(cvode_, which_, t, lambda_.get());
            CVodeQuadReInitB(cvode_, which_, integrals_.get());
        }
        const int flag = CVodeB(cvode_, next, CV_NORMAL);
        if (flag < 0) return false;
        double reached = next;
        CVodeGetB(cvode_, which_, &reached, lambda_.get());
        CVodeGetQuadB(cvode_, which_, &reached, integrals_.get());
        t = next;
        return true;
    };
    if (which_ >= 0) {
        set_tolerances(rtol, atol);
        forget_pivots(pattern_, solver_.get(), matrix_.get());
    }
    const auto failed = [&] {
        result.failure = "the run back failed";
        result.rhs_calls = calls_;
        return result;
    };
    for (std::size_t i = pulls.size(); i-- > 0;) {
        if (pulls[i].t < t && !go(pulls[i].t)) return failed();
        for (std::size_t k = 0; k < n_; ++k) lambda()[k] += pulls[i].by_state[k];
    }
    if (t > t0_ && !go(t0_)) return failed();
    result.by_start.assign(lambda().begin(), lambda().end());
    result.by_parameters.assign(p_.size(), 0);
    const auto& columns = code_.by_parameters().columns;
    for (std::size_t i = 0; i < columns.size(); ++i)
        result.by_parameters[columns[i]] = N_VGetArrayPointer(integrals_.get())[i];
    result.rhs_calls = calls_;
    return result;
}

}  // namespace rondo
