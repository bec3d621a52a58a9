// method.h: one-step methods as data: what an integrator step is made from.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace rondo {

// A stage looks at t + c h and at y + h sum_j a[j] k_j (explicit) or y + sum_j a[j] u_j (Rosenbrock).
struct Stage {
    double c;
    std::vector<double> a;  // one for each stage before
};

// An explicit Runge-Kutta pair: k_i = f(stage i); y1 = y + h sum_i b_i k_i; then k_s = f(t + h, y1), which is
// the first stage of the step after.
//
// A Rosenbrock method (gamma > 0), in the form that needs no products with the Jacobian J (Hairer and Wanner,
// Solving Ordinary Differential Equations II, section IV.7):
//   (1 / (h gamma) I - J) u_i = f(stage i) + sum_j c[i][j] u_j / h + h d_i df/dt;  y1 = y + sum_i b_i u_i
struct StepMethod {
    std::string_view name;
    std::string_view source;
    int order;  // of y1
    std::vector<Stage> stages;
    std::vector<double> b;
    // Of one or two error estimates, each h sum_i e_i k_i (with k_s) or sum_i e_i u_i.
    std::vector<std::vector<double>> errors;
    int error_order;  // an estimate shrinks as h to this power
    // Of the dense output: further stages, then y(t + x h) = y + h sum_d x^d sum_i dense[d-1][i] k_i, or the
    // same with u_i and without h. [degree][stages, k_s if explicit, dense_stages]
    std::vector<Stage> dense_stages;
    std::vector<std::vector<double>> dense;
    // An explicit method is held back by stability alone where h |lambda| is about this much.
    double stability = 0;
    double gamma = 0;
    std::vector<std::vector<double>> c;
    std::vector<double> d;

    bool implicit() const { return gamma > 0; }
    std::size_t degree() const { return dense.size(); }
};

const StepMethod& dop853();   // order 8, error estimates of orders 5 and 3, dense output of order 7
const StepMethod& tsit5();    // order 5(4), dense output of order 4
const StepMethod& rodas5p();  // order 5(4), stiffly accurate and L-stable, dense output of order 4

}  // namespace rondo
