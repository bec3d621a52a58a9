#include "runtime/estimate/likelihood_reader.h"

#include <algorithm>
#include <cmath>

namespace rondo {

LikelihoodRuns::Reader::Reader(const Likelihood& likelihood, std::size_t experiment,
                               std::span<const double> inputs, LikelihoodValue& value)
    : likelihood_(likelihood),
      readings_(likelihood.readings()[experiment]),
      inputs_(inputs),
      value_(value),
      unlikelihood_(value.unlikelihood),
      gradient_(value.gradient),
      state_(likelihood.code()->state_count()),
      outputs_(likelihood.code()->output_count()) {}

void LikelihoodRuns::Reader::follow(const LikelihoodSlopes& slopes, const Slopes& all,
                                    std::vector<std::size_t> active, std::span<const double> free) {
    slopes_ = &slopes;
    all_ = &all;
    active_ = std::move(active);
    free_ = free;
    state_slopes_.resize(active_.size() * state_.size());
    values_.resize(slopes.size());
    of_simulated_.resize(all.count);
    of_sigma_.resize(all.count);
    weigh({});
}

void LikelihoodRuns::Reader::stop_beyond(std::span<const double> least, double& spare) {
    least_ = least;
    spare_ = &spare;
    spare_before_ = spare;
}

void LikelihoodRuns::Reader::collect(const LikelihoodSlopes& slopes, const Slopes& all,
                                     std::span<const double> free) {
    follow(slopes, all, {}, free);
    goes_back_ = true;
}

// By entry of p, which free parameters move it; of active ones as the run has it, if it says.
void LikelihoodRuns::Reader::weigh(std::span<const double> p_slopes) {
    const std::size_t P = likelihood_.code()->parameter_count();
    by_p_.assign(P, {});
    std::size_t next = 0;
    for (std::size_t k = 0; k < all_->count; ++k) {
        const bool is_active = next < active_.size() && active_[next] == k;
        const double* row =
            is_active && !p_slopes.empty() ? p_slopes.data() + next * P : all_->p.data() + k * P;
        next += is_active;
        for (std::size_t i = 0; i < P; ++i)
            if (row[i] != 0) by_p_[i].emplace_back(k, row[i]);
    }
}

LaneMask LikelihoodRuns::Reader::start(const Step& now) {
    next_ = 0;
    value_.unlikelihood = unlikelihood_;  // a run that failed is tried anew
    value_.gradient = gradient_;
    if (spare_) *spare_ = spare_before_;
    pulls_.clear();
    return step(now);
}

LaneMask LikelihoodRuns::Reader::step(const Step& now) {
    const auto within = [&](double t) { return now.jumps ? t < now.t1[0] : t <= now.t1[0]; };
    const bool may_move = slopes_ && !likelihood_.problem().system->events.empty();
    for (; next_ < readings_.size() && within(readings_[next_].time); ++next_) {
        const double t = readings_[next_].time;
        now.interpolate(0, t, state_);
        if (!active_.empty()) now.slopes(t, state_slopes_);
        if (may_move && !active_.empty()) weigh(now.p_slopes);
        read(t, now.parameters(t, state_));
    }
    return finished() || exceeds() ? 1 : 0;
}

void LikelihoodRuns::Reader::rest(const Resting& resting) {
    state_ = resting.rest.y;
    const std::size_t n = state_.size();
    for (std::size_t i = 0; i < active_.size(); ++i)
        std::copy_n(resting.slopes.y.begin() + static_cast<std::ptrdiff_t>(active_[i] * n), n,
                    state_slopes_.begin() + static_cast<std::ptrdiff_t>(i * n));
    for (; next_ < readings_.size(); ++next_) read(resting.rest.t, resting.rest.p);
}

void LikelihoodRuns::Reader::read(double t, std::span<const double> parameters) {
    const LikelihoodProblem& problem = likelihood_.problem();
    p_.assign(parameters.begin(), parameters.end());
    for (const std::size_t i : readings_[next_].data) apply(problem.data[i].overrides, inputs_, p_);
    likelihood_.code()->code().outputs(&t, state_.data(), p_.data(), outputs_.data());
    for (const std::size_t i : readings_[next_].data) {
        const std::size_t k = problem.data[i].observable;
        value_.simulated[i] = outputs_[2 * k];
        value_.sigma[i] = outputs_[2 * k + 1];
        const double cost = unlikelihood(problem.observables[k].noise, problem.data[i].value,
                                         value_.simulated[i], value_.sigma[i])
                                .value;
        value_.unlikelihood += cost;
        if (spare_) *spare_ -= cost - least_[i];
    }
    if (goes_back_)
        read_pulls(t);
    else if (slopes_)
        read_slopes(t);
}

void LikelihoodRuns::Reader::read_pulls(double t) {
    const LikelihoodProblem& problem = likelihood_.problem();
    slopes_->evaluate(t, state_.data(), p_.data(), values_.data());
    if (pulls_.empty() || pulls_.back().t != t)
        pulls_.push_back({t, std::vector<double>(state_.size()), std::vector<double>(p_.size())});
    for (const std::size_t i : readings_[next_].data) {
        const Datum& datum = problem.data[i];
        const auto cost = unlikelihood(problem.observables[datum.observable].noise, datum.value,
                                       value_.simulated[i], value_.sigma[i]);
        for (const auto& entry : slopes_->entries(datum.observable)) {
            const double change = (entry.of_sigma ? cost.by_sigma : cost.by_simulated) * values_[entry.place];
            if (entry.by_state)
                pulls_.back().by_state[entry.index] += change;
            else if (!add_override(entry, change, datum, value_.gradient))
                pulls_.back().by_parameters[entry.index] += change;
        }
    }
}

void LikelihoodRuns::Reader::read_slopes(double t) {
    const LikelihoodProblem& problem = likelihood_.problem();
    const std::size_t K = all_->count;
    slopes_->evaluate(t, state_.data(), p_.data(), values_.data());
    for (const std::size_t i : readings_[next_].data) {
        const Datum& datum = problem.data[i];
        std::ranges::fill(of_simulated_, 0);
        std::ranges::fill(of_sigma_, 0);
        for (const auto& entry : slopes_->entries(datum.observable)) add(entry, values_[entry.place], datum);
        const auto cost = unlikelihood(problem.observables[datum.observable].noise, datum.value,
                                       value_.simulated[i], value_.sigma[i]);
        for (std::size_t k = 0; k < K; ++k)
            value_.gradient[k] += cost.by_simulated * of_simulated_[k] + cost.by_sigma * of_sigma_[k];
        if (value_.information.empty()) continue;
        double* row = value_.information.data() + 2 * i * K;
        const double root = std::sqrt(cost.information), root_of_sigma = std::sqrt(cost.of_sigma);
        for (std::size_t k = 0; k < K; ++k) {
            row[k] = root * of_simulated_[k];
            row[K + k] = root_of_sigma * of_sigma_[k];
        }
    }
}

void LikelihoodRuns::Reader::add(const LikelihoodSlopes::Entry& entry, double value, const Datum& datum) {
    if (value == 0) return;
    auto& to = entry.of_sigma ? of_sigma_ : of_simulated_;
    if (entry.by_state) {
        for (std::size_t i = 0; i < active_.size(); ++i)
            to[active_[i]] += value * state_slopes_[i * state_.size() + entry.index];
    } else if (!add_override(entry, value, datum, to)) {
        for (const auto& [k, weight] : by_p_[entry.index]) to[k] += value * weight;
    }
}

bool LikelihoodRuns::Reader::add_override(const LikelihoodSlopes::Entry& entry, double value,
                                          const Datum& datum, std::span<double> to) {
    for (const auto& override : datum.overrides) {
        if (override.input != entry.index) continue;
        const auto& free = likelihood_.problem().free;
        for (std::size_t k = 0; k < free.size(); ++k)
            if (override.from == free[k].input) to[k] += value * free_[k];
        return true;
    }
    return false;
}

}  // namespace rondo
