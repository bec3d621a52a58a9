#include "runtime/estimate/polish.h"

#include <algorithm>
#include <map>
#include <memory>

#include "runtime/estimate/fingerprint.h"

namespace rondo {
namespace {

constexpr double refused = 1e6;

// What both ways of finding values share: the count, the hash, and the best point met.
class Objective : public LazyFunction {
  public:
    Objective(const FitProblem& problem, const Evaluated& start, const Executor& executor)
        : problem_(problem), executor_(executor), result_{start, start.z, start.fitness,
                                                          0,     0,       Tally(problem)} {}
    virtual ~Objective() = default;
    virtual void close() {}

    Handle at(std::vector<double> z) final {
        executor_.throw_if_stopping();
        ++result_.asked;
        for (const double x : z) path_.add(x);
        return ask(std::move(z));
    }
    Polished take() {
        close();
        result_.hash = path_.value();
        return std::move(result_);
    }

  protected:
    virtual Handle ask(std::vector<double> z) = 0;
    void note(const std::vector<double>& z, double fitness) {
        if (!(fitness < result_.fitness)) return;
        result_.fitness = fitness;
        result_.z = z;
    }
    const FitProblem& problem_;
    const Executor& executor_;
    Polished result_;

  private:
    Fingerprint path_;
};

// Each value at once, to the end or to the boundary.
class EagerObjective final : public Objective {
  public:
    EagerObjective(const FitProblem& problem, const Evaluated& start, const Executor& executor,
                   std::span<const double> boundary, std::size_t grace)
        : Objective(problem, start, executor), boundary_(boundary.begin(), boundary.end()), grace_(grace) {}
    void raise(std::span<const double> running) {
        for (std::size_t j = 0; j < boundary_.size(); ++j) boundary_[j] = std::max(boundary_[j], running[j]);
    }
    bool less(Handle a, Handle b) override { return values_[a] < values_[b]; }
    double value(Handle a) override { return values_[a]; }

  private:
    Handle ask(std::vector<double> z) override {
        double value = refused;
        if (problem_.space().contains(z)) {
            const Evaluated point = evaluate(problem_, std::move(z), boundary_, grace_);
            result_.tally.add(point);
            if (!point.stopped) value = point.fitness;
            if (point.valid()) note(point.z, point.fitness);
        }
        values_.push_back(value);
        return values_.size() - 1;
    }
    std::vector<double> boundary_, values_;
    std::size_t grace_;
};

// Simulations that wait until more of them is needed.
class LazyObjective final : public Objective {
  public:
    using Objective::Objective;
    bool less(Handle a, Handle b) override {
        if (a == b) return false;
        Value &x = value_of(a), &y = value_of(b);
        while (!x.known() || !y.known()) {
            // Known and at most the other's bound: decided.
            if (x.known() && x.bound() < y.bound()) return true;
            if (y.known() && y.bound() <= x.bound()) return false;
            // The known one stays; of two unknown ones the lower grows.
            Value& behind = x.known() ? y : y.known() ? x : x.bound() <= y.bound() ? x : y;
            grow(behind);
        }
        return x.bound() < y.bound();
    }
    double value(Handle a) override {
        Value& x = value_of(a);
        while (!x.known()) grow(x);
        return x.bound();
    }

  private:
    struct Value {
        std::vector<double> z;
        std::unique_ptr<Simulation> run;  // none outside of the space
        bool known() const { return !run || run->finished(); }
        double bound() const { return run ? run->bound() : refused; }
    };

    Value& value_of(Handle a) { return values_[a]; }
    Handle ask(std::vector<double> z) override {
        const auto [place, is_new] = known_.try_emplace(z, values_.size());
        if (is_new) {
            Value value{z,
                        problem_.space().contains(z) ? std::make_unique<Simulation>(problem_, z) : nullptr};
            values_.push_back(std::move(value));
        }
        return place->second;
    }
    void grow(Value& value) {
        value.run->advance();
        if (value.run->finished() && !value.run->failed()) note(value.z, value.run->bound());
    }
    void close() override {
        for (const Value& value : values_)
            if (value.run) result_.tally.add(outcome(*value.run, value.z));
    }

    std::vector<Value> values_;
    std::map<std::vector<double>, Handle> known_;
};

Polished polish_one(const FitProblem& problem, const Evaluated& start, const PowellOptions& options,
                    const Termination& termination, std::span<const double> boundary,
                    const Executor& executor) {
    const auto go = [&](Objective& objective) {
        powell(objective, start.z, options);
        return objective.take();
    };
    if (termination.kind == Termination::Kind::lossless) {
        LazyObjective objective(problem, start, executor);
        return go(objective);
    }
    EagerObjective objective(problem, start, executor, boundary,
                             grace_times(termination.adaptive, problem.times()));
    if (termination.adaptive.floored) objective.raise(start.running);
    return go(objective);
}

}  // namespace

std::vector<Polished> polish(const FitProblem& problem, const std::vector<Evaluated>& starts,
                             const PowellOptions& options, const Termination& termination,
                             std::span<const double> boundary, const Executor& executor) {
    std::vector<Polished> result(starts.size(), Polished{{}, {}, 0, 0, 0, Tally(problem)});
    executor.map("polishing", starts.size(), [&](int, std::size_t i) {
        result[i] = polish_one(problem, starts[i], options, termination, boundary, executor);
    });
    return result;
}

}  // namespace rondo
