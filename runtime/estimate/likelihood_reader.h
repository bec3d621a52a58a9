// likelihood_reader.h: compares what is measured with one experiment's run, as it goes. Private to
// likelihood_runs.cpp.
#pragma once
#include <cmath>
#include <utility>
#include <vector>

#include "runtime/estimate/likelihood_runs.h"

namespace rondo {

class LikelihoodRuns::Reader : public Observer {
  public:
    Reader(const Likelihood&, std::size_t experiment, std::span<const double> inputs, LikelihoodValue&);

    // The run carries the slopes of directions `active`; all: of all free parameters at the start, whose p
    // holds along the run for those that are not active. free: d input / d z of each parameter's own.
    void follow(const LikelihoodSlopes&, const Slopes& all, std::vector<std::size_t> active,
                std::span<const double> free);

    // Instead of slopes: the run will be gone back, and needs what is read of it. The gradient gets what data
    // have of their own.
    void collect(const LikelihoodSlopes&, const Slopes& all, std::span<const double> free);
    const std::vector<Pull>& pulls() const { return pulls_; }

    // Stops once data have cost more than `spare` above the least they may. What they have is taken from it.
    void stop_beyond(std::span<const double> least, double& spare);
    bool exceeds() const { return spare_ && *spare_ < 0; }

    LaneMask start(const Step&) override;
    LaneMask step(const Step&) override;
    bool finished() const { return next_ == readings_.size() || !std::isfinite(readings_[next_].time); }
    // The steady state, for what was measured of it.
    void rest(const Resting&);

  private:
    using Weights = std::vector<std::pair<std::size_t, double>>;  // free parameter, derivative
    void read(double t, std::span<const double> parameters);
    void read_slopes(double t);
    void read_pulls(double t);
    void weigh(std::span<const double> p_slopes);
    void add(const LikelihoodSlopes::Entry&, double value, const Datum&);
    // Of a parameter that the datum overrides; else nothing, and false.
    bool add_override(const LikelihoodSlopes::Entry&, double value, const Datum&, std::span<double> to);

    const Likelihood& likelihood_;
    const std::vector<Likelihood::Reading>& readings_;
    std::span<const double> inputs_;
    LikelihoodValue& value_;
    const double unlikelihood_;           // of the experiments before,
    const std::vector<double> gradient_;  // likewise
    std::size_t next_ = 0;
    std::vector<double> state_, outputs_, p_;
    // Of slopes:
    const LikelihoodSlopes* slopes_ = nullptr;
    const Slopes* all_ = nullptr;
    std::vector<std::size_t> active_;
    std::span<const double> free_;
    std::vector<Weights> by_p_;  // [parameters]
    std::vector<double> state_slopes_, values_;
    std::vector<double> of_simulated_, of_sigma_;  // [free], of a datum
    // Of the limit:
    std::span<const double> least_;
    double* spare_ = nullptr;
    double spare_before_ = 0;
    // Of the way back:
    bool goes_back_ = false;
    std::vector<Pull> pulls_;
};

}  // namespace rondo
