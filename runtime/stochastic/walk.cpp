#include "runtime/stochastic/walk.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "runtime/integrate/events.h"
#include "runtime/stochastic/clock.h"
#include "runtime/stochastic/direct.h"
#include "runtime/stochastic/next_reaction.h"
#include "runtime/table/csv.h"

namespace rondo {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();
constexpr double largest_amount = 0x1p52;  // whole numbers stay exact far beyond any firing
constexpr double slack = 1e-9;             // relative: an amount found as concentration times size is rounded
constexpr std::uint64_t firings_between_looks = 1 << 16;  // at the stop flag

// A whole number nearby, or NaN.
double whole(double amount) {
    const double rounded = std::round(amount);
    const bool near = std::abs(amount - rounded) <= slack * std::max(1.0, rounded);
    return near && rounded >= 0 && rounded <= largest_amount ? rounded
                                                             : std::numeric_limits<double>::quiet_NaN();
}

// Choice: Direct or NextReaction.
template <class Choice>
class WalkBy final : public Walk {
  public:
    WalkBy(const JumpProcess& process, const Executor& executor)
        : process_(process),
          executor_(executor),
          choice_(process),
          clock_(process),
          events_(process.code()),
          y_(process.code().state_count()),
          p_(process.code().parameter_count()) {}

    Outcome run(std::span<const double> inputs, std::span<const double> times,
                std::span<const Intervention> changes, Random random, std::span<double> rows) override {
        times_ = times;
        changes_ = changes;
        rows_ = rows;
        recorded_ = 0;
        start(inputs, random);
        Outcome outcome;
        try {
            walk(random);
        } catch (const Error&) {  // interrupted
            throw;
        } catch (const std::runtime_error& failure) {
            outcome.kind = Outcome::Kind::failed;
            outcome.reason = failure.what();
            std::fill(rows_.begin() + static_cast<std::ptrdiff_t>(recorded_ * width()), rows_.end(),
                      std::numeric_limits<double>::quiet_NaN());
        }
        outcome.t = t_;
        outcome.steps = firings_;
        return outcome;
    }

  private:
    std::size_t width() const { return process_.code().output_count(); }
    Situation here() { return {t_, y_, p_}; }

    void start(std::span<const double> inputs, Random& random) {
        t_ = times_.front();
        firings_ = 0;
        std::ranges::copy(inputs, p_.begin());
        process_.code().code().initialize(&t_, p_.data(), y_.data());
        for (std::size_t i = 0; i < y_.size(); ++i) {
            const double amount = whole(y_[i]);
            if (std::isnan(amount)) {
                throw Error(Fault::input, "the amount of '" + process_.system().states[i] +
                                              "' at the start is " + shortest(y_[i]) +
                                              "; stochastic simulation needs a whole number >= 0");
            }
            y_[i] = amount;
        }
        effects_ = process_.changes(t_, p_);
        clock_.release(here());
        events_.start(random.bits());
    }

    void walk(Random& random) {
        settle();
        make_changes();
        find_rates();
        choice_.restart(t_, random);
        while (t_ < times_.back()) {
            const double next = next_jump();
            if (fire_until(next, random)) {
                if (settle()) renew();
                continue;
            }
            const double before = std::exchange(t_, next);
            if (next == times_.back() && !jumps_at(next)) break;
            jump(before);
        }
        record_before(never);
    }

    // ---- jumps in time ----

    double next_jump() {
        clock_next_ = clock_.next(here(), times_.back());
        return std::min({clock_next_, events_.next(), next_change(), times_.back()});
    }

    bool jumps_at(double t) const { return clock_next_ == t || events_.next() == t || next_change() == t; }

    double next_change() const { return changes_.empty() ? never : changes_.front().t; }

    void jump(double before) {
        record_before(t_);
        if (clock_next_ == t_ && clock_.meet(here(), before)) {
            settle();
            clock_.release(here());
        }
        make_changes();
        settle();
        renew();
    }

    void make_changes() {
        for (; next_change() <= t_; changes_ = changes_.subspan(1)) {
            changes_.front().apply(t_, y_, p_);
            effects_ = process_.changes(t_, p_);
            check_amounts();
            settle();
        }
    }

    // ---- events and rates ----

    bool settle() {
        return events_.settle(here(), [this] { check_amounts(); });
    }

    void check_amounts() {
        for (std::size_t i = 0; i < y_.size(); ++i) {
            const double amount = whole(y_[i]);
            if (std::isnan(amount))
                throw std::runtime_error("the amount of '" + process_.system().states[i] + "' becomes " +
                                         shortest(y_[i]) + ", which is no whole number >= 0");
            y_[i] = amount;
        }
    }

    void find_rate(std::size_t i) {
        double& rate = choice_.rates()[i];
        process_.rate(i)(&t_, y_.data(), p_.data(), &rate);
        if (!(rate >= 0 && rate < never)) fail_rate(i, rate);
    }

    [[noreturn]] void fail_rate(std::size_t i, double rate) const {
        const std::string text = "the rate of reaction '" + process_.reaction(i) + "' is " + shortest(rate);
        if (rate < 0)
            throw std::runtime_error(text + "; write what goes both ways as two reactions, forward and back");
        throw std::runtime_error(text);
    }

    void find_rates() {
        for (std::size_t i = 0; i < process_.size(); ++i) find_rate(i);
    }

    void renew() {
        find_rates();
        choice_.all_changed(t_);
    }

    // ---- firings ----

    // Up to `end`; true if it stopped before, after a firing that may trigger an event or move a jump.
    bool fire_until(double end, Random& random) {
        for (;;) {
            const double next = choice_.next(t_, random);
            if (!(next < end)) return false;
            record_before(next);
            t_ = next;
            const std::size_t reaction = choice_.choose(random);
            fire(reaction);
            choice_.fired(reaction, t_, random);
            if (process_.disturbs(reaction)) return true;
        }
    }

    void fire(std::size_t reaction) {
        for (const auto& [state, by] : effects_[reaction]) {
            y_[state] += by;
            if (y_[state] < 0 || y_[state] > largest_amount) fail_amount(reaction, state);
        }
        for (const std::uint32_t affected : process_.affected(reaction)) find_rate(affected);
        if (++firings_ % firings_between_looks == 0) executor_.throw_if_stopping();
    }

    [[noreturn]] void fail_amount(std::size_t reaction, std::size_t state) const {
        const std::string text = "reaction '" + process_.reaction(reaction) + "' takes the amount of '" +
                                 process_.system().states[state] + "' to " + shortest(y_[state]);
        if (y_[state] < 0) throw std::runtime_error(text + "; its rate must be 0 where too little is left");
        throw std::runtime_error(text + ", too many to count");
    }

    // What is there now is what was there at the times before `t`.
    void record_before(double t) {
        for (; recorded_ < times_.size() && times_[recorded_] < t; ++recorded_) {
            process_.code().code().outputs(&times_[recorded_], y_.data(), p_.data(),
                                           rows_.data() + recorded_ * width());
        }
    }

    const JumpProcess& process_;
    const Executor& executor_;
    Choice choice_;
    Clock clock_;
    Events events_;
    std::vector<double> y_, p_;
    std::vector<std::vector<AmountChange>> effects_;
    double t_ = 0, clock_next_ = never;
    std::uint64_t firings_ = 0;
    std::span<const double> times_;
    std::span<const Intervention> changes_;
    std::span<double> rows_;
    std::size_t recorded_ = 0;
};

}  // namespace

std::unique_ptr<Walk> make_walk(const JumpProcess& process, JumpMethod method, const Executor& executor) {
    if (method == JumpMethod::direct) return std::make_unique<WalkBy<Direct>>(process, executor);
    return std::make_unique<WalkBy<NextReaction>>(process, executor);
}

}  // namespace rondo
