// way_back.h: the run back of an adjoint. Private to runtime/integrate.
#pragma once
#include <span>
#include <vector>

#include "runtime/integrate/cvode.h"
#include "runtime/integrate/pattern.h"
#include "runtime/integrate/slopes.h"
#include "runtime/integrate/sundials.h"

namespace rondo {

// Of one memory of CVODES, which keeps the runs it makes forward by advance(). The spans must outlive it.
class WayBack {
  public:
    // p: of the run; y: a vector to clone. Both must outlive it.
    WayBack(const SlopeCode&, const std::vector<double>& p, N_Vector y, SUNContext);

    void attach(void* cvode);  // a memory just made
    void begin(double t0);     // a run forward begins
    // One step, as CVode() makes it.
    int advance(double hint, N_Vector y, double& reached);
    // Back along the run. atol: that of its states.
    Adjoint run(std::span<const Pull> pulls, double rtol, std::span<const double> atol);

  private:
    static int rhs(double t, N_Vector y, N_Vector lambda, N_Vector out, void* self);
    static int integrand(double t, N_Vector y, N_Vector lambda, N_Vector out, void* self);
    static int jacobian(double t, N_Vector y, N_Vector lambda, N_Vector, SUNMatrix matrix, void* self,
                        N_Vector, N_Vector, N_Vector);
    void create(double t);
    void set_tolerances(double rtol, std::span<const double> atol);
    std::span<double> lambda() { return {N_VGetArrayPointer(lambda_.get()), n_}; }

    const SlopeCode& code_;
    const std::vector<double>& p_;
    const std::size_t n_;
    const JacobianPattern pattern_;  // of the transposed Jacobian
    std::vector<double> values_, by_parameters_;
    sundials::Vector lambda_, integrals_, atol_, integrals_atol_;
    sundials::Matrix matrix_;
    sundials::LinearSolver solver_;
    void* cvode_ = nullptr;
    int which_ = -1;  // of CVODES' problems back; -1: there is none yet
    double t0_ = 0;
    std::uint64_t calls_ = 0;
};

}  // namespace rondo
