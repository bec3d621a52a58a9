// train.cpp: all that is decided in a training: initial weights, learning rates, when to stop, what to keep.
// The arithmetic is the plugin's.
#include "runtime/surrogate/train.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <exception>
#include <limits>
#include <span>

#include "dsl/syntax/error.h"
#include "runtime/sample/random.h"
#include "runtime/surrogate/plugin.h"
#include "runtime/table/csv.h"

namespace rondo {

namespace {

void require(bool fine, const std::string& name, double given, const std::string& expected) {
    if (!fine) throw Error(Fault::input, name + " is " + shortest(given) + "; it must be " + expected);
}

void check(const Mlp& mlp, const TrainOptions& options) {
    for (int width : mlp.hidden) require(width > 0, "a width of hidden", width, "> 0");
    require(mlp.dropout >= 0 && mlp.dropout < 1, "dropout", mlp.dropout, ">= 0 and < 1");
    require(options.epochs > 0, "epochs", options.epochs, "> 0");
    require(options.warm_up >= 0, "warm_up", options.warm_up, ">= 0");
    require(options.learning_rate > 0 && std::isfinite(options.learning_rate), "learning_rate",
            options.learning_rate, "> 0");
    require(options.weight_decay >= 0 && std::isfinite(options.weight_decay), "weight_decay",
            options.weight_decay, ">= 0");
    require(options.batch == 0 || options.batch > 1, "batch", options.batch, "0 (all rows) or > 1");
    require(options.patience >= 0, "patience", options.patience, ">= 0");
}

// One network's inputs and targets, row-major.
struct Samples {
    std::vector<double> inputs, targets;
    std::size_t count = 0;
    plugin::Rows rows() const { return {inputs.data(), targets.data(), count}; }
};

Samples samples_of(const Table& table, const Box& box, const std::vector<std::string>& targets) {
    Samples samples;
    samples.count = table.rows();
    if (samples.count == 0) return samples;
    const std::size_t width = box.axes.size();
    samples.inputs.resize(samples.count * width);
    samples.targets.resize(samples.count * targets.size());
    const auto spread = [&](const std::string& name, std::vector<double>& out, std::size_t at,
                            std::size_t stride, const auto& scale) {
        for (const double value : table.numbers(name)) {
            out[at] = scale(value);
            if (!std::isfinite(out[at])) {
                throw Error(Fault::input, "column '" + name + "' has " + shortest(value) + " in row " +
                                              std::to_string(at / stride + 1) +
                                              "; drop such rows before training");
            }
            at += stride;
        }
    };
    for (std::size_t i = 0; i < width; ++i) {
        spread(box.axes[i].name, samples.inputs, i, width, [&](double x) { return box.axes[i].unit(x); });
    }
    for (std::size_t i = 0; i < targets.size(); ++i) {
        spread(targets[i], samples.targets, i, targets.size(), [](double y) { return y; });
    }
    return samples;
}

// Weights and biases uniform in +-1 / sqrt(inputs), PyTorch's default for Linear.
DenseLayer initial_layer(int inputs, int outputs, Random& random) {
    DenseLayer layer;
    layer.inputs = inputs;
    layer.outputs = outputs;
    const double bound = 1 / std::sqrt(inputs);
    layer.weight.resize(static_cast<std::size_t>(inputs) * static_cast<std::size_t>(outputs));
    layer.bias.resize(static_cast<std::size_t>(outputs));
    for (auto* values : {&layer.weight, &layer.bias}) {
        for (double& value : *values) value = bound * (2 * random.uniform() - 1);
    }
    return layer;
}

std::vector<DenseLayer> initial_layers(int inputs, const Mlp& mlp, int outputs, std::uint64_t seed) {
    Random random(seed, "train");
    std::vector<DenseLayer> layers;
    for (std::size_t i = 0; i < mlp.hidden.size(); ++i) {
        DenseLayer layer = initial_layer(inputs, mlp.hidden[i], random);
        layer.relu = true;
        layer.batch_norm = mlp.batch_norm && i + 1 < mlp.hidden.size();
        if (layer.batch_norm) {
            layer.mean = layer.shift = std::vector<double>(layer.bias.size(), 0);
            layer.variance = layer.scale = std::vector<double>(layer.bias.size(), 1);
        }
        inputs = layer.outputs;
        layers.push_back(std::move(layer));
    }
    layers.push_back(initial_layer(inputs, outputs, random));
    return layers;
}

std::vector<double> learning_rates(const TrainOptions& options) {
    std::vector<double> rates;
    for (int e = 0; e < options.epochs; ++e) {
        const double after = e - options.warm_up;
        const double factor = after < 0 ? (e + 1.0) / options.warm_up
                                        : 1 / (1 + 0.2 * after / (options.learning_rate * options.epochs));
        rates.push_back(options.learning_rate * factor);
    }
    return rates;
}

// A training between two epochs, as bytes: epochs done, whether weights were kept, three lengths, then the
// result so far (with the history), the weights as they are, and Adam's moments.
struct Checkpoint {
    int epochs_done = 0, kept = 0;
    Surrogate result, now;
    std::vector<double> moments;
};

std::string to_bytes(const Checkpoint& checkpoint) {
    const std::string result = to_bytes(checkpoint.result), now = to_bytes(checkpoint.now);
    const std::uint64_t head[] = {std::uint64_t(checkpoint.epochs_done), std::uint64_t(checkpoint.kept),
                                  result.size(), now.size(), checkpoint.moments.size()};
    std::string bytes(reinterpret_cast<const char*>(head), sizeof head);
    bytes += result + now;
    return bytes.append(reinterpret_cast<const char*>(checkpoint.moments.data()),
                        checkpoint.moments.size() * sizeof(double));
}

// `bytes` are what to_bytes made: the store has checked them.
Checkpoint checkpoint_from(std::string_view bytes) {
    std::uint64_t head[5];
    std::memcpy(head, bytes.data(), sizeof head);
    Checkpoint checkpoint;
    checkpoint.epochs_done = int(head[0]);
    checkpoint.kept = int(head[1]);
    bytes.remove_prefix(sizeof head);
    checkpoint.result = from_bytes(bytes.substr(0, head[2]), "checkpoint");
    checkpoint.now = from_bytes(bytes.substr(head[2], head[3]), "checkpoint");
    checkpoint.moments.resize(head[4]);
    std::memcpy(checkpoint.moments.data(), bytes.data() + head[2] + head[3], head[4] * sizeof(double));
    return checkpoint;
}

std::size_t parameter_count(const std::vector<DenseLayer>& layers) {
    std::size_t count = 0;
    for (const DenseLayer& layer : layers)
        count += layer.weight.size() + layer.bias.size() + layer.scale.size() + layer.shift.size();
    return count;
}

// Hears of every epoch: keeps the history, shows progress, and says when to stop and what to keep.
class Watcher {
  public:
    Watcher(const TrainOptions& options, const Executor& executor, std::span<const double> rates)
        : options_(options), executor_(executor), rates_(rates) {
        if (executor.progress()) executor.progress()->begin("train", rates.size());
    }
    ~Watcher() {
        if (executor_.progress()) executor_.progress()->end();
    }
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

    // Nothing may be thrown through the plugin.
    static unsigned on_epoch(void* self, const plugin::Epoch* epoch) {
        auto& watcher = *static_cast<Watcher*>(self);
        try {
            return watcher.hear(*epoch);
        } catch (...) {
            watcher.thrown_ = std::current_exception();
            return plugin::stop;
        }
    }

    // What it heard before the training was stopped.
    void remember(const Table& past) {
        const auto epochs = past.numbers("epoch"), losses = past.numbers("train_loss"),
                   validations = past.numbers("validation_loss");
        for (std::size_t i = 0; i < epochs.size(); ++i) {
            epochs_.push_back(epochs[i]);
            train_losses_.push_back(losses[i]);
            validation_losses_.push_back(validations[i]);
            if (!std::isnan(validations[i])) judge({static_cast<int>(i), losses[i], validations[i]});
        }
    }

    // Called at checkpoints, once the training has written what it is.
    std::function<void()> keep;
    static void on_checkpoint(void* self) {
        auto& watcher = *static_cast<Watcher*>(self);
        try {
            watcher.keep();
        } catch (...) {
            watcher.thrown_ = std::current_exception();
        }
    }
    double seconds = 0;  // between checkpoints

    void rethrow() const {
        if (thrown_) std::rethrow_exception(thrown_);
    }

    Table history() const {
        Table table;
        table.set("epoch", epochs_);
        table.set("train_loss", train_losses_);
        table.set("validation_loss", validation_losses_);
        table.set("learning_rate",
                  std::vector<double>(rates_.begin(), rates_.begin() + static_cast<long>(epochs_.size())));
        return table;
    }

  private:
    unsigned hear(const plugin::Epoch& epoch) {
        const bool validated = !std::isnan(epoch.validation_loss);
        if (!std::isfinite(epoch.train_loss) || std::isinf(epoch.validation_loss)) {
            throw Error(Fault::numerics, "the loss of the training is not finite in epoch " +
                                             std::to_string(epoch.number + 1) + " (learning rate " +
                                             shortest(rates_[static_cast<std::size_t>(epoch.number)]) +
                                             "); try a smaller learning_rate");
        }
        epochs_.push_back(epoch.number + 1);
        train_losses_.push_back(epoch.train_loss);
        validation_losses_.push_back(epoch.validation_loss);
        show(epoch, validated);
        unsigned answer = validated ? judge(epoch) : 0;
        if (executor_.stopping()) {
            thrown_ = std::make_exception_ptr(
                Error(Fault::interrupted, "interrupted: train, " + std::to_string(epochs_.size()) + " of " +
                                              std::to_string(rates_.size()) + " epochs done"));
            answer |= plugin::stop;
        }
        return answer | checkpoint_due(answer);
    }

    unsigned checkpoint_due(unsigned answer) {
        const bool ends = epochs_.size() == rates_.size() || (answer & plugin::stop && !thrown_);
        if (!keep || ends) return 0;
        const auto now = std::chrono::steady_clock::now();
        if (!thrown_ && now - last_ < std::chrono::duration<double>(seconds)) return 0;
        last_ = now;
        return plugin::checkpoint;
    }

    void show(const plugin::Epoch& epoch, bool validated) const {
        Progress* progress = executor_.progress();
        if (!progress) return;
        char text[64];
        std::snprintf(text, sizeof text, validated ? "loss %.3g val %.3g" : "loss %.3g", epoch.train_loss,
                      epoch.validation_loss);
        progress->note(text);
        progress->advance(epochs_.size());
    }

    unsigned judge(const plugin::Epoch& epoch) {
        if (epoch.validation_loss < best_loss_) {
            best_loss_ = epoch.validation_loss;
            best_epoch_ = epoch.number;
            return options_.best_weights ? plugin::keep : 0;
        }
        const bool tired = options_.patience > 0 && epoch.number - best_epoch_ >= options_.patience;
        return tired ? plugin::stop : 0;
    }

    const TrainOptions& options_;
    const Executor& executor_;
    std::span<const double> rates_;
    std::vector<double> epochs_, train_losses_, validation_losses_;
    double best_loss_ = std::numeric_limits<double>::infinity();
    int best_epoch_ = 0;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
    std::exception_ptr thrown_;
};

std::vector<plugin::Layer> borrowed(std::vector<DenseLayer>& layers) {
    std::vector<plugin::Layer> result;
    for (DenseLayer& layer : layers) {
        result.push_back({layer.inputs, layer.outputs, layer.batch_norm, layer.relu, layer.weight.data(),
                          layer.bias.data(), layer.mean.data(), layer.variance.data(), layer.scale.data(),
                          layer.shift.data()});
    }
    return result;
}

}  // namespace

Surrogate train(const Table& data, const Table& validation, const Box& box,
                const std::vector<std::string>& targets, const Mlp& mlp, const TrainOptions& options,
                const Executor& executor, const TrainKeeper& keeper) {
    check(box);
    check(mlp, options);
    if (targets.empty()) throw Error(Fault::input, "training needs at least one column to learn");
    const Samples learned = samples_of(data, box, targets), held_out = samples_of(validation, box, targets);
    if (learned.count < 2) {
        throw Error(Fault::input,
                    "training needs at least 2 rows; there are " + std::to_string(learned.count));
    }
    const TrainPlugin plugin = load_plugin(options.device);
    executor.throw_if_stopping();
    Checkpoint checkpoint;
    const auto found = keeper.find ? keeper.find() : std::nullopt;
    if (found) checkpoint = checkpoint_from(*found);
    Surrogate& surrogate = checkpoint.result;
    if (!found) {
        surrogate = {box, targets, {}, {}, {}, {}};
        surrogate.layers = initial_layers(static_cast<int>(box.axes.size()), mlp,
                                          static_cast<int>(targets.size()), options.seed);
        checkpoint.now = surrogate;
        checkpoint.moments.resize(2 * parameter_count(surrogate.layers));
    }
    const int before = checkpoint.epochs_done;
    auto layers = borrowed(surrogate.layers), now = borrowed(checkpoint.now.layers);
    const auto rates = learning_rates(options);
    Watcher watcher(options, executor, rates);
    if (found) watcher.remember(surrogate.history);
    watcher.seconds = keeper.seconds;
    const std::size_t step = options.batch == 0 ? learned.count : static_cast<std::size_t>(options.batch);
    plugin::Training training{};
    training.abi = plugin::abi_version;
    training.layers = layers.data();
    training.layer_count = static_cast<int>(layers.size());
    training.train = learned.rows();
    training.validation = held_out.rows();
    training.epochs = options.epochs;
    training.learning_rate = rates.data();
    training.weight_decay = options.weight_decay;
    training.dropout = mlp.dropout;
    training.batches = static_cast<int>(std::max<std::size_t>(1, learned.count / step));
    training.seed = options.seed;
    training.cuda = plugin.device == "cuda";
    training.epochs_done = before;
    training.kept = checkpoint.kept;
    training.now = now.data();
    training.moments = checkpoint.moments.data();
    training.on_epoch = Watcher::on_epoch;
    training.on_checkpoint = Watcher::on_checkpoint;
    training.user = &watcher;
    if (keeper.keep) {
        watcher.keep = [&] {
            checkpoint.epochs_done = training.epochs_done;
            checkpoint.kept = training.kept;
            surrogate.history = watcher.history();
            keeper.keep(to_bytes(checkpoint));
        };
    }
    const int failed = plugin.train(&training);
    watcher.rethrow();
    if (failed) throw Error(Fault::numerics, "LibTorch could not train: " + std::string(training.error));
    surrogate.history = watcher.history();
    if (keeper.account) keeper.account(before, static_cast<int>(surrogate.history.rows()) - before);
    return surrogate;
}

}  // namespace rondo
