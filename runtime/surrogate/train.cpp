#include "runtime/surrogate/train.h"

#include "dsl/syntax/error.h"
#include "runtime/surrogate/course.h"
#include "runtime/surrogate/terms.h"

namespace rondo {

std::vector<double> losses(const Surrogate& surrogate, const Equation& equation, const Table& rows,
                           Device device) {
    Surrogate copy = surrogate;
    const Terms terms(surrogate, equation, rows);
    auto layers = borrowed(copy.layers);
    const TrainPlugin plugin = load_plugin(device);
    plugin::Training training{};
    training.abi = plugin::abi_version;
    training.layers = layers.data();
    training.layer_count = static_cast<int>(layers.size());
    training.terms = terms.span().data();
    training.term_count = 1;
    training.cuda = plugin.device == "cuda";
    std::vector<double> result(rows.rows());
    double mean = 0;
    if (plugin.equation(&training, 0, &mean, result.data(), nullptr))
        throw Error(Fault::numerics,
                    "LibTorch could not evaluate the equation: " + std::string(training.error));
    return result;
}

Surrogate train(const Table& data, const Table& validation, const Box& box,
                const std::vector<std::string>& targets, const Mlp& mlp, const TrainOptions& options,
                const Executor& executor, const TrainKeeper& keeper) {
    executor.throw_if_stopping();
    Course course(data, validation, box, targets, mlp, options, executor,
                  keeper.find ? keeper.find() : std::nullopt);
    course.watcher().seconds = keeper.seconds;
    if (keeper.keep) course.watcher().keep = [&] { keeper.keep(course.checkpoint()); };
    return course.end(course.plugin().train(&course.training()), keeper);
}

}  // namespace rondo
