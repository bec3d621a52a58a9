#include "runtime/estimate/least_squares.h"

#include <Eigen/Dense>

#include "runtime/estimate/travel.h"
#include "runtime/sample/random.h"
#include "runtime/table/bytes.h"

namespace rondo {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
class SumOfSquares final : public Valley {
  public:
    explicit SumOfSquares(const Sensitivities& model) : model_(model) {}
    const SearchSpace& space() const override { return model_.problem().space(); }
    LocalModel at(std::span<const double> z, double limit) override {
        const auto found = model_.evaluate(z, limit);
        LocalModel result{found.squares, {}, {}, found.finished, found.calls};
        if (!found.finished) return result;
        const auto p = static_cast<Eigen::Index>(z.size()),
                   n = static_cast<Eigen::Index>(found.values.size());
        const Eigen::Map<const Matrix> slopes(found.slopes.data(), n, p);
        const Eigen::VectorXd gradient =
            2 * (slopes.transpose() * Eigen::Map<const Eigen::VectorXd>(found.values.data(), n));
        const Eigen::MatrixXd curvature = 2 * (slopes.transpose() * slopes);
        result.gradient.assign(gradient.begin(), gradient.end());
        result.curvature.assign(curvature.data(), curvature.data() + curvature.size());
        return result;
    }

  private:
    const Sensitivities& model_;
};

}  // namespace

std::unique_ptr<Valley> sum_of_squares(const Sensitivities& model) {
    return std::make_unique<SumOfSquares>(model);
}

namespace {

std::vector<Descent> descend_from(const Sensitivities& model, const std::vector<std::vector<double>>& points,
                                  const DescentOptions& options, const Executor& executor,
                                  const RowKeeper& keeper) {
    Table items;
    pack_rows(items, "z", points);
    std::string setup;
    if (executor.crew()) {
        if (auto row = packed(model.problem(), "descend")) {
            pack(*row, "descent",
                 std::vector<double>{static_cast<double>(options.iterations), options.tolerance});
            setup = to_bytes(*row);
        }
    }
    return descend_all(
        items, [&](std::size_t row) { return descend(*sum_of_squares(model), points[row], options); }, setup,
        executor, keeper);
}

}  // namespace

std::vector<Descent> descend_from_many(const Sensitivities& model, std::size_t starts,
                                       const DescentOptions& options, std::uint64_t seed,
                                       const Executor& executor, const RowKeeper& keeper) {
    std::vector<std::vector<double>> points;
    for (std::size_t i = 0; i < starts; ++i) {
        Random random(seed, "fit starts", i);
        points.push_back(model.problem().space().random(random));
    }
    return descend_from(model, points, options, executor, keeper);
}

std::function<Table(const Table&, const Executor&)> descend_part(const Table& setup) {
    struct Task {
        explicit Task(const Table& row) : problem(problem_from(row)), model(*problem) {
            const auto numbers = unpacked_numbers(row, "descent");
            options = {.iterations = static_cast<std::size_t>(numbers[0]), .tolerance = numbers[1]};
        }
        std::shared_ptr<const FitProblem> problem;
        Sensitivities model;
        DescentOptions options;
    };
    return [task = std::make_shared<const Task>(setup)](const Table& items, const Executor& executor) {
        return descents_table(descend_from(task->model, points_of(items), task->options, executor, {}));
    };
}

}  // namespace rondo
