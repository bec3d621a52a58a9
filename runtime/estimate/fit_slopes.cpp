#include "runtime/estimate/fit_slopes.h"

#include <algorithm>

namespace rondo {

FitSlopes::FitSlopes(const FitProblem& problem) : problem_(&problem), code_(problem.shared_code()) {
    const EnsembleOptions& ensemble = *problem.options().solver.ensemble;
    options_.method = ensemble.method == EnsembleMethod::adams ? Method::adams : Method::bdf;
    options_.rtol = ensemble.rtol;
    options_.atol = ensemble.atol;
    options_.max_steps = ensemble.max_steps;
    const OdeSystem& of = problem.code().system();
    auto system = std::make_shared<OdeSystem>();
    system->graph = of.graph;
    system->states = of.states;
    system->inputs = of.inputs;
    system->derived = of.derived;
    const auto& observables = problem.code().outputs();
    const auto by_state = gradients(system->graph, observables, By::states);
    const auto by_parameter = gradients(system->graph, observables, By::parameters);
    CompileOptions options;
    for (std::size_t k = 0; k < observables.size(); ++k)
        for (const auto* gradient : {&by_state[k], &by_parameter[k]})
            for (const auto& [index, node] : *gradient) {
                entries_.push_back({k, gradient == &by_state[k], index});
                options.outputs.push_back(node);
            }
    formulas_ = compile(std::move(system), options);
}

// Reads one run.
class FitSlopes::Reader final : public Observer {
  public:
    Reader(const FitSlopes& of, std::size_t c, const Slopes& all, std::vector<std::size_t> active,
           const Watch& watch)
        : of_(of),
          problem_(*of.problem_),
          last_(problem_.times_of(c)),
          all_(all),
          active_(std::move(active)),
          watch_(watch),
          y_(problem_.code().state_count()),
          y_slopes_(active_.size() * y_.size()),
          p_slopes_(all.p),
          derivatives_(of.entries_.size()),
          values_(problem_.observables() * (1 + all.count)) {}

    LaneMask start(const Step& step) override {
        next_ = 0;
        watch_.begin();
        return read(step);
    }
    LaneMask step(const Step& step) override { return read(step); }

  private:
    LaneMask read(const Step& step) {
        const auto& times = problem_.data().times;
        const auto within = [&](double t) { return step.jumps ? t < step.t1[0] : t <= step.t1[0]; };
        for (; next_ < last_ && within(times[next_]); ++next_) {
            evaluate(step, times[next_]);
            if (watch_.read(next_, values_)) return 1;
        }
        return next_ == last_ ? 1 : 0;
    }
    void evaluate(const Step& step, double t) {
        const std::size_t K = problem_.observables(), P = problem_.code().parameter_count(), n = y_.size();
        step.interpolate(0, t, y_);
        if (!active_.empty()) step.slopes(t, y_slopes_);
        if (!step.p_slopes.empty())
            for (std::size_t i = 0; i < active_.size(); ++i)
                std::copy_n(step.p_slopes.begin() + std::ptrdiff_t(i * P), P,
                            p_slopes_.begin() + std::ptrdiff_t(active_[i] * P));
        const auto p = step.parameters(t, y_);
        problem_.code().code().outputs(&t, y_.data(), p.data(), values_.data());
        std::fill(values_.begin() + std::ptrdiff_t(K), values_.end(), 0);
        of_.formulas_->code().outputs(&t, y_.data(), p.data(), derivatives_.data());
        for (std::size_t e = 0; e < derivatives_.size(); ++e) {
            const auto [k, by_state, index] = of_.entries_[e];
            if (by_state) {
                for (std::size_t i = 0; i < active_.size(); ++i)
                    values_[K * (active_[i] + 1) + k] += derivatives_[e] * y_slopes_[i * n + index];
            } else {
                for (std::size_t i = 0; i < all_.count; ++i)
                    values_[K * (i + 1) + k] += derivatives_[e] * p_slopes_[i * P + index];
            }
        }
    }

    const FitSlopes& of_;
    const FitProblem& problem_;
    const std::size_t last_;
    const Slopes& all_;
    const std::vector<std::size_t> active_;
    const Watch& watch_;
    std::size_t next_ = 0;
    std::vector<double> y_, y_slopes_;  // [states], [active][states]
    std::vector<double> p_slopes_;      // [coordinates][parameters]
    std::vector<double> derivatives_, values_;
};

Outcome FitSlopes::run(Integrator& integrator, std::size_t c, std::span<const double> z,
                       const Watch& watch) const {
    const auto inputs = problem_->inputs(c, z);
    std::vector<double> directions(problem_->space().size() * inputs.size());
    for (std::size_t k = 0; k < problem_->space().size(); ++k)
        if (problem_->is_free(c, k)) directions[k * inputs.size() + problem_->input(k)] = 1;
    const double start = problem_->options().start, end = problem_->data().times.back();
    const Slopes all = code_.start(inputs, start, directions);
    const auto active = active_directions(all, code_);
    const Slopes moving = select(all, active);
    Reader reader(*this, c, all, active, watch);
    // The reader stops a run that is to end where it starts.
    return integrator.run(inputs, start, end > start ? end : start + 1, options_, reader, {}, &moving);
}

}  // namespace rondo
