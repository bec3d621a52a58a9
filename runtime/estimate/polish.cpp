#include "runtime/estimate/polish.h"

#include <algorithm>
#include <map>
#include <memory>

#include "runtime/estimate/fingerprint.h"
#include "runtime/estimate/travel.h"
#include "runtime/simulate/row_map.h"
#include "runtime/table/bytes.h"
#include "runtime/table/columns.h"

namespace rondo {
namespace {

constexpr double refused = 1e6;

// What both ways of finding values share: the count, the hash, and the best point met.
class Objective : public LazyFunction {
  public:
    // remembers: points met again are not looked at again.
    Objective(const FitProblem& problem, const Evaluated& start, const Executor& executor, bool remembers)
        : problem_(problem),
          executor_(executor),
          result_{start, start.z, start.fitness, 0, 0, Tally(problem)},
          remembers_(remembers) {}
    virtual ~Objective() = default;
    virtual void close() {}

    Handle at(std::vector<double> z) final {
        executor_.throw_if_stopping();
        ++result_.asked;
        for (const double x : z) path_.add(x);
        if (!remembers_) return ask(std::move(z));
        const auto [place, is_new] = known_.try_emplace(z);
        if (is_new) place->second = ask(std::move(z));
        return place->second;
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
    const bool remembers_;
    std::map<std::vector<double>, Handle> known_;
    Fingerprint path_;
};

// Each value at once, to the end or to the boundary.
class EagerObjective final : public Objective {
  public:
    EagerObjective(const FitProblem& problem, const Evaluated& start, const Executor& executor, StopRule rule,
                   bool remembers)
        : Objective(problem, start, executor, remembers), rule_(std::move(rule)) {}
    bool less(Handle a, Handle b) override { return values_[a] < values_[b]; }
    double value(Handle a) override { return values_[a]; }

  private:
    Handle ask(std::vector<double> z) override {
        double value = refused;
        if (problem_.space().contains(z)) {
            const Evaluated point = evaluate(problem_, std::move(z), rule_);
            result_.tally.add(point);
            if (!point.stopped) value = point.fitness;
            if (point.valid()) note(point.z, point.fitness);
        }
        values_.push_back(value);
        return values_.size() - 1;
    }
    StopRule rule_;
    std::vector<double> values_;
};

// Simulations that wait until more of them is needed.
class LazyObjective final : public Objective {
  public:
    LazyObjective(const FitProblem& problem, const Evaluated& start, const Executor& executor)
        : Objective(problem, start, executor, true) {}
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
        auto run = problem_.space().contains(z) ? std::make_unique<Simulation>(problem_, z) : nullptr;
        values_.push_back({std::move(z), std::move(run)});
        return values_.size() - 1;
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
};

Polished polish_one(const FitProblem& problem, const Evaluated& start, const PowellOptions& options,
                    const Termination& termination, std::span<const double> boundary,
                    const Executor& executor) {
    const auto go = [&](Objective& objective) {
        powell(objective, start.z, options);
        return objective.take();
    };
    const bool lossless = termination.kind == Termination::Kind::lossless;
    if (lossless && !problem.ensemble()) {
        LazyObjective objective(problem, start, executor);
        return go(objective);
    }
    StopRule rule{{boundary.begin(), boundary.end()}, grace_times(termination.adaptive, problem.times())};
    if (termination.adaptive.floored)
        for (std::size_t j = 0; j < rule.boundary.size(); ++j)
            rule.boundary[j] = std::max(rule.boundary[j], start.running[j]);
    EagerObjective objective(problem, start, executor, std::move(rule), lossless);
    return go(objective);
}

Table answer_of(const std::vector<Polished>& polished) {
    Table table;
    set_column(table, "z", polished, &Polished::z);
    set_column(table, "fitness", polished, &Polished::fitness);
    set_column(table, "asked", polished, &Polished::asked);
    set_column(table, "hash", polished, [](const Polished& one) { return std::to_string(one.hash); });
    set_column(table, "tally", polished, [](const Polished& one) { return to_bytes(one.tally.packed()); });
    return table;
}

Polished answered(const Table& answer, std::size_t row, const Evaluated& start, const FitProblem& problem) {
    Polished one{start,
                 unpacked_numbers(answer, "z", row),
                 answer.numbers("fitness")[row],
                 static_cast<std::size_t>(answer.numbers("asked")[row]),
                 std::stoull(answer.at("hash").texts()[row]),
                 Tally(problem)};
    one.tally.add(table_from_bytes(answer.at("tally").texts()[row]));
    return one;
}

// What of a start the method reads; running objectives beside a boundary alone.
Table items_of(const std::vector<Evaluated>& starts, bool bounded) {
    Table items;
    set_column(items, "z", starts, &Evaluated::z);
    if (bounded) set_column(items, "running", starts, &Evaluated::running);
    set_column(items, "fitness", starts, &Evaluated::fitness);
    return items;
}

void pack_rule(Table& setup, const PowellOptions& options, const Termination& termination,
               std::span<const double> boundary) {
    const AdaptiveRule& rule = termination.adaptive;
    pack(setup, "powell", std::vector<double>{options.xtol, options.ftol, double(options.calls)});
    pack(setup, "termination",
         std::vector<double>{double(termination.kind), rule.grace, double(rule.floored)});
    pack(setup, "boundary", std::vector<double>(boundary.begin(), boundary.end()));
}

}  // namespace

std::vector<Polished> polish(const FitProblem& problem, const std::vector<Evaluated>& starts,
                             const PowellOptions& options, const Termination& termination,
                             std::span<const double> boundary, const Executor& executor,
                             const RowKeeper& keeper) {
    std::vector<Polished> result(starts.size(), Polished{{}, {}, 0, 0, 0, Tally(problem)});
    const Table items = items_of(starts, !boundary.empty());
    RowMap map{.what = "polishing", .points = items, .block = 1};
    map.give = [&](RowMap::Rows rows) { return answer_of(chosen(result, rows)); };
    map.serve = one_by_one([&](std::size_t row) {
        result[row] = polish_one(problem, starts[row], options, termination, boundary, executor);
    });
    map.take = [&](RowMap::Rows rows, const Table& answer) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            result[rows[i]] = answered(answer, i, starts[rows[i]], problem);
    };
    if (executor.crew()) {
        if (auto setup = packed(problem, "polish")) {
            pack_rule(*setup, options, termination, boundary);
            map.setup = to_bytes(*setup);
        }
    }
    run_rows(map, executor, keeper);
    return result;
}

std::function<Table(const Table&, const Executor&)> polish_part(const Table& setup) {
    struct Task {
        explicit Task(const Table& row)
            : problem(problem_from(row)), boundary(unpacked_numbers(row, "boundary")) {
            const auto powell = unpacked_numbers(row, "powell"), rule = unpacked_numbers(row, "termination");
            options = {powell[0], powell[1], static_cast<std::size_t>(powell[2])};
            termination.kind = static_cast<Termination::Kind>(rule[0]);
            termination.adaptive.grace = rule[1];
            termination.adaptive.floored = rule[2] != 0;
        }
        std::shared_ptr<const FitProblem> problem;
        PowellOptions options;
        Termination termination;
        std::vector<double> boundary;
    };
    return [task = std::make_shared<const Task>(setup)](const Table& items, const Executor& executor) {
        std::vector<Evaluated> starts;
        for (std::size_t i = 0; i < items.rows(); ++i)
            starts.push_back({.z = unpacked_numbers(items, "z", i),
                              .fitness = items.numbers("fitness")[i],
                              .running = unpacked_numbers(items, "running", i)});
        return answer_of(
            polish(*task->problem, starts, task->options, task->termination, task->boundary, executor));
    };
}

}  // namespace rondo
