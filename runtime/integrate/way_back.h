// way_back.h: the run back of an adjoint. Private to runtime/integrate.
#pragma once
#include <span>
#include <vector>

#include "runtime/integrate/cvode.h"
#include "runtime/integrate/pattern.h"
#include "runtime/integrate/slopes.h"
#include "runtime/integrate/sundials.h"

namespace rondo {

// Of one memory of CVODES, which keeps the way it makes forward by advance(). A run that jumps is several
// smooth stretches: the last one is kept, those before are made once more when their turn comes. Over a jump
// lambda goes by the transpose of what slopes in all directions go by.
class WayBack {
  public:
    // p: of the run; y: a vector to clone. Both must outlive it.
    WayBack(const SlopeCode&, std::vector<double>& p, N_Vector y, SUNContext);

    void attach(void* cvode);  // a memory just made
    void forget();             // a run forward is about to start
    // Directions of all states and all entries of p, for a SlopeJump to take to where the next stretch
    // begins.
    Slopes& directions();
    void begin(double t, N_Vector y);  // a stretch
    // One step, as CVode() makes it.
    int advance(double hint, N_Vector y, double& reached);
    // Back along the run, whose p it changes. atol: that of its states.
    Adjoint run(std::span<const Pull> pulls, double rtol, std::span<const double> atol);

  private:
    // How what is before a jump, y and then p, answers to what is after: by how much a value before moves one
    // after, beside itself.
    struct Entry {
        std::size_t after, before;
        double change;
    };
    struct Stretch {
        double t;
        std::vector<double> y, p;
        std::vector<Entry> jump;  // that it begins with
    };
    static int rhs(double t, N_Vector y, N_Vector lambda, N_Vector out, void* self);
    static int integrand(double t, N_Vector y, N_Vector lambda, N_Vector out, void* self);
    static int jacobian(double t, N_Vector y, N_Vector lambda, N_Vector, SUNMatrix matrix, void* self,
                        N_Vector, N_Vector, N_Vector);
    void create(double t);
    void set_tolerances(double rtol, std::span<const double> atol);
    bool make_again(const Stretch&, double end);
    bool go(double from, double to);
    void add_integrals();
    void cross(const Stretch&);
    std::span<double> lambda() { return {N_VGetArrayPointer(lambda_.get()), n_}; }

    const SlopeCode& code_;
    std::vector<double>& p_;
    const std::size_t n_;
    const JacobianPattern pattern_;  // of the transposed Jacobian
    std::vector<double> values_, by_parameters_;
    Slopes directions_;
    std::vector<Stretch> stretches_;
    std::vector<double> of_p_;  // [parameters] what lambda is of states
    sundials::Vector y_, lambda_, integrals_, atol_, integrals_atol_;
    sundials::Matrix matrix_;
    sundials::LinearSolver solver_;
    void* cvode_ = nullptr;
    int which_ = -1;  // of CVODES' problems back; -1: there is none yet
    std::uint64_t calls_ = 0;
};

}  // namespace rondo
