#include "runtime/estimate/evolution_strategy.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace rondo {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

// One run, in coordinates u of the unit box.
class Strategy {
  public:
    Strategy(std::size_t coordinates, std::size_t population, double step, Vector start)
        : n_(static_cast<Eigen::Index>(coordinates)),
          lambda_(population),
          mu_(population / 2),
          mean_(std::move(start)),
          path_(Vector::Zero(n_)),
          step_path_(Vector::Zero(n_)),
          covariance_(Matrix::Identity(n_, n_)),
          sigma(step) {
        const auto n = static_cast<double>(n_);
        double sum = 0, squares = 0;
        for (std::size_t i = 0; i < mu_; ++i) {
            weights_.push_back(std::log((static_cast<double>(lambda_) + 1) / 2) -
                               std::log(static_cast<double>(i + 1)));
            sum += weights_.back();
        }
        for (double& w : weights_) {
            w /= sum;
            squares += w * w;
        }
        mu_eff_ = 1 / squares;
        cc_ = (4 + mu_eff_ / n) / (n + 4 + 2 * mu_eff_ / n);
        cs_ = (mu_eff_ + 2) / (n + mu_eff_ + 5);
        c1_ = 2 / ((n + 1.3) * (n + 1.3) + mu_eff_);
        cmu_ = std::min(1 - c1_, 2 * (mu_eff_ - 2 + 1 / mu_eff_) / ((n + 2) * (n + 2) + mu_eff_));
        damping_ = 1 + 2 * std::max(0.0, std::sqrt((mu_eff_ - 1) / (n + 1)) - 1) + cs_;
        expected_ = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
    }

    std::size_t parents() const { return mu_; }

    std::vector<Vector> offspring(Random& random) {
        const Eigen::SelfAdjointEigenSolver<Matrix> eigen(covariance_);
        axes_ = eigen.eigenvectors();
        lengths_ = eigen.eigenvalues().cwiseMax(1e-30).cwiseSqrt();
        std::vector<Vector> points;
        for (std::size_t k = 0; k < lambda_; ++k) {
            Vector point;
            for (int again = 0; again <= 100; ++again) {
                Vector normal(n_);
                for (double& x : normal) x = random.normal();
                point = mean_ + sigma * (axes_ * lengths_.cwiseProduct(normal));
                if (point.minCoeff() >= 0 && point.maxCoeff() <= 1) break;
            }
            points.push_back(point.cwiseMax(0).cwiseMin(1));
        }
        return points;
    }

    // best: the parents() best, in order.
    void update(const std::vector<Vector>& best) {
        const Vector old = mean_;
        mean_.setZero();
        for (std::size_t i = 0; i < mu_; ++i) mean_ += weights_[i] * best[i];
        const Vector move = (mean_ - old) / sigma;
        const Vector plain = axes_ * (axes_.transpose() * move).cwiseQuotient(lengths_);
        step_path_ = (1 - cs_) * step_path_ + std::sqrt(cs_ * (2 - cs_) * mu_eff_) * plain;
        ++generation_;
        const double length = step_path_.norm(), n = static_cast<double>(n_);
        const bool calm =
            length / std::sqrt(1 - std::pow(1 - cs_, 2.0 * generation_)) / expected_ < 1.4 + 2 / (n + 1);
        path_ = (1 - cc_) * path_;
        if (calm) path_ += std::sqrt(cc_ * (2 - cc_) * mu_eff_) * move;
        Matrix spread = Matrix::Zero(n_, n_);
        for (std::size_t i = 0; i < mu_; ++i) {
            const Vector away = (best[i] - old) / sigma;
            spread += weights_[i] * away * away.transpose();
        }
        covariance_ = (1 - c1_ - cmu_ + (calm ? 0 : c1_ * cc_ * (2 - cc_))) * covariance_ +
                      c1_ * path_ * path_.transpose() + cmu_ * spread;
        sigma *= std::exp(cs_ / damping_ * (length / expected_ - 1));
    }

    bool collapsed() const {
        return sigma * std::sqrt(covariance_.diagonal().maxCoeff()) < 1e-9 || sigma > 1e3;
    }

  private:
    Eigen::Index n_;
    std::size_t lambda_, mu_;
    Vector mean_, path_, step_path_, lengths_;
    Matrix covariance_, axes_;
    std::vector<double> weights_;
    double mu_eff_ = 0, cc_ = 0, cs_ = 0, c1_ = 0, cmu_ = 0, damping_ = 0, expected_ = 0;
    int generation_ = 0;

  public:
    double sigma;
};

std::vector<double> in_box(const SearchSpace& space, const Vector& u) {
    std::vector<double> z;
    for (std::size_t i = 0; i < space.size(); ++i) {
        const Coordinate& c = space.coordinates[i];
        z.push_back(c.lower + u[static_cast<Eigen::Index>(i)] * (c.upper - c.lower));
    }
    return z;
}

std::vector<Evaluated> evaluated(const FitProblem& problem, const std::vector<std::vector<double>>& points,
                                 const Termination& termination, std::size_t parents,
                                 const Executor& executor) {
    if (termination.kind != Termination::Kind::lossless) return evaluate_all(problem, points, executor);
    const auto threshold = [&](const std::vector<double>& finished) {
        return kth_smallest(finished, parents);
    };
    return race(problem, points, termination.lossless, threshold, executor);
}

}  // namespace

StrategyFit strategy_fit(const FitProblem& problem, const StrategyOptions& options,
                         const Termination& termination, std::uint64_t seed, const Executor& executor,
                         const RowKeeper& keeper) {
    const ProgressMark mark(executor.progress(), "fitting", static_cast<std::size_t>(options.evaluations));
    const Executor quiet = executor.quiet();
    StrategyFit result{{}, std::numeric_limits<double>::infinity(), {}, Tally(problem)};
    const std::size_t n = problem.space().size();
    std::size_t population = options.population
                                 ? options.population
                                 : 4 + static_cast<std::size_t>(3 * std::log(static_cast<double>(n)));
    std::uint64_t generation = 0;
    for (std::size_t restart = 0; result.tally.evaluations() < options.evaluations;
         ++restart, population *= 2) {
        Random first(seed, "fit strategy", generation++);
        Vector start(static_cast<Eigen::Index>(n));
        for (double& u : start) u = first.uniform();
        Strategy strategy(n, population, options.step, start);
        const long end = std::min(options.evaluations, result.tally.evaluations() + options.of_a_restart);
        while (result.tally.evaluations() < end && !strategy.collapsed()) {
            executor.throw_if_stopping();
            Random random(seed, "fit strategy", generation++);
            const auto offspring = strategy.offspring(random);
            std::vector<std::vector<double>> points;
            for (const auto& u : offspring) points.push_back(in_box(problem.space(), u));
            const auto found = kept_or(keeper, points, [&] {
                return evaluated(problem, points, termination, strategy.parents(), quiet);
            });
            std::vector<std::size_t> order;
            for (std::size_t i = 0; i < found.size(); ++i) {
                result.tally.add(found[i]);
                order.push_back(i);
            }
            std::ranges::stable_sort(order, {}, [&](std::size_t i) { return found[i].fitness; });
            if (found[order[0]].fitness < result.fitness) {
                result.fitness = found[order[0]].fitness;
                result.z = found[order[0]].z;
            }
            std::vector<Vector> best;
            for (std::size_t i = 0; i < strategy.parents(); ++i) best.push_back(offspring[order[i]]);
            strategy.update(best);
            result.history.push_back(
                {restart, result.tally.evaluations(), result.tally.calls(), result.fitness, strategy.sigma});
            if (executor.progress())
                executor.progress()->advance(static_cast<std::size_t>(result.tally.evaluations()));
            if (found[order[0]].fitness == found[order[strategy.parents() - 1]].fitness) break;
        }
    }
    if (result.z.empty())
        throw Error(Fault::numerics,
                    "no point that was tried can be simulated to the end of the data; "
                    "narrow the box of free parameters");
    return result;
}

}  // namespace rondo
