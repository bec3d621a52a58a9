// rest.h: the fixed point near a state, and what small deviations from it do.
#pragma once
#include <Eigen/Core>
#include <complex>
#include <optional>
#include <span>
#include <vector>

#include "jit/compile.h"

namespace rondo {

struct Rest {
    // What attracts() needs: the Jacobian in units of `scale`, and rows that turn deviations (in those units)
    // into the modes that move, two real rows for a complex pair.
    Eigen::MatrixXd jacobian, to_modes;
    std::vector<double> scale;
    std::vector<double> y;                          // [states]; those that do not matter as they were given
    std::vector<std::complex<double>> eigenvalues;  // of the Jacobian there, conserved totals left out
    bool stable = false;                            // all real parts < 0
};

// Looks at the states that the observed quantities depend on, directly or through other states; products
// that only accumulate are none of them.
class RestFinder {
  public:
    // model: one lane; must outlive this.
    explicit RestFinder(const CompiledModel& model);

    // Whether time itself enters the equations of those states: then there is no rest, and find() has none.
    bool driven() const { return driven_; }
    const std::vector<std::uint32_t>& states() const { return states_; }
    // A value of the model's Jacobian, and where it is in that of those states.
    struct Entry {
        std::uint32_t index, row, column;
    };

    // Newton's iteration from y, conserved totals kept. scale: [states], > 0, what a change of each state is
    // measured against. known: rests to keep away from, by deflation (Farrell, Birkisson, Funke 2015, SIAM J.
    // Sci. Comput. 37, A2026, with shift 1 and power 2). Empty if it does not converge.
    std::optional<Rest> find(std::span<const double> y, std::span<const double> p,
                             std::span<const double> scale, std::span<const Rest> known = {}) const;

    // Whether a run at y will come to the stable rest: as far from it as y is, what the linear equations
    // leave out is a small part of the decay of the slowest mode, at y and at 2 n points around.
    bool attracts(const Rest& rest, std::span<const double> y, std::span<const double> p) const;
    // How often the slowest pair of modes still turns until deviations are below `least`, relative.
    int swings_left(const Rest& rest, std::span<const double> y, double least) const;
    // How far y is from the rest: [states()], in units of scale.
    Eigen::VectorXd deviation(const Rest& rest, std::span<const double> y) const;
    // Where a run at y, next to nothing away from a rest that is not stable, has left it by a thousandth.
    // Empty if it does not leave: none of its deviation grows. Where that could be rounding's fault, and
    // deviations grow in spirals alone, any will do.
    std::optional<std::vector<double>> way_out(const Rest& rest, std::span<const double> y) const;

  private:
    // How much of Newton's step ([states()], in units of scale) from y is left where rests are known;
    // negative: back.
    double deflated(const Eigen::VectorXd& step, std::span<const double> y, std::span<const double> scale,
                    std::span<const Rest> known) const;
    // The state that is so far (see deviation) from the rest.
    void put(const Rest& rest, const Eigen::VectorXd& deviation, std::span<double> y) const;

    const CompiledModel* model_;
    std::vector<std::uint32_t> states_;
    std::vector<Entry> entries_;
    bool driven_ = false;
};

}  // namespace rondo
