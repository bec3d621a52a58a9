// course.cpp: all that is decided in a training: initial weights, learning rates, when to stop, what to keep.
// The arithmetic is the plugin's.
#include "runtime/surrogate/course.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "dsl/syntax/error.h"
#include "runtime/sample/random.h"
#include "runtime/surrogate/inputs.h"
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
    require(options.finish >= 0, "finish", options.finish, ">= 0");
    const Plateau& plateau = options.plateau;
    require(plateau.patience >= 0, "patience", plateau.patience, ">= 0");
    require(plateau.factor > 0 && plateau.factor < 1, "factor", plateau.factor, "> 0 and < 1");
    require(plateau.threshold >= 0 && plateau.threshold < 1, "threshold", plateau.threshold, ">= 0 and < 1");
}

std::size_t axis_named(const Box& box, const std::string& name) {
    const auto names = box.names();
    const auto found = std::ranges::find(names, name);
    if (found == names.end())
        throw Error(Fault::input, "periodic names '" + name + "', which is no axis of the box");
    return static_cast<std::size_t>(found - names.begin());
}

// Columns to learn from, centred and scaled by what they are in the data.
std::vector<Feature> features_of(const Table& data, const std::vector<std::string>& names) {
    std::vector<Feature> features;
    for (const auto& name : names) {
        const auto x = data.numbers(name);
        const auto n = static_cast<double>(x.size());
        double mean = 0, square = 0;
        for (const double each : x) mean += each / n;
        for (const double each : x) square += (each - mean) * (each - mean) / n;
        const auto [low, high] = std::minmax_element(x.begin(), x.end());
        if (n > 0) features.push_back({name, *low, *high, mean, square > 0 ? std::sqrt(square) : 1});
    }
    return features;
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
        layer.activation = mlp.activation;
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

std::string to_bytes(const Checkpoint& checkpoint) {
    const std::string result = to_bytes(checkpoint.result), now = to_bytes(checkpoint.now);
    const std::uint64_t head[] = {std::uint64_t(checkpoint.epochs_done), std::uint64_t(checkpoint.kept),
                                  result.size(), now.size()};
    return std::string(reinterpret_cast<const char*>(head), sizeof head) + result + now;
}

// `bytes` are what to_bytes made: the store has checked them.
Checkpoint checkpoint_from(std::string_view bytes) {
    std::uint64_t head[4];
    std::memcpy(head, bytes.data(), sizeof head);
    bytes.remove_prefix(sizeof head);
    return {int(head[0]), int(head[1]), from_bytes(bytes.substr(0, head[2]), "checkpoint"),
            from_bytes(bytes.substr(head[2], head[3]), "checkpoint")};
}

std::size_t parameter_count(const std::vector<DenseLayer>& layers) {
    std::size_t count = 0;
    for (const DenseLayer& layer : layers)
        count += layer.weight.size() + layer.bias.size() + layer.scale.size() + layer.shift.size();
    return count;
}

// The network to train: as `from` left it, or new.
Surrogate beginning(const Table& data, const Box& box, const std::vector<std::string>& targets,
                    const Mlp& mlp, const TrainOptions& options) {
    if (!options.from) {
        Surrogate network;
        network.box = box;
        network.outputs = targets;
        network.logs = mlp.logs;
        network.raw = mlp.raw;
        if (!mlp.periodic.empty()) network.harmonics.resize(box.axes.size());
        for (const auto& [axis, n] : mlp.periodic) network.harmonics[axis_named(box, axis)] = n;
        network.features = features_of(data, options.features);
        network.layers = initial_layers(static_cast<int>(input_width(network)), mlp,
                                        static_cast<int>(targets.size()), options.seed);
        network.memory.first_epochs = options.epochs;
        return network;
    }
    Surrogate network = *options.from;
    network.memory.rows = {};
    std::vector<int> hidden;
    for (std::size_t i = 0; i + 1 < network.layers.size(); ++i) hidden.push_back(network.layers[i].outputs);
    if (network.gated || network.box.names() != box.names() || network.outputs != targets ||
        hidden != mlp.hidden) {
        throw Error(Fault::input,
                    "a training goes on from a surrogate of the same box, columns to learn and network");
    }
    if (network.memory.first_epochs == 0) network.memory.first_epochs = options.epochs;
    return network;
}

// rows: those of the epoch at hand.
Watcher::Watched watched(const TrainOptions& options, const Table& rows) {
    const std::string& watch = options.plateau.watch;
    if (options.schedule != Schedule::plateau) return {};
    if (watch == "training") return [](const plugin::Epoch& epoch) { return epoch.train_loss; };
    if (watch == "validation") return [](const plugin::Epoch& epoch) { return epoch.held_out_losses[0]; };
    return [&rows, watch](const plugin::Epoch& epoch) {
        double sum = 0, count = 0;
        const auto counts = rows.numbers(watch);
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (counts[i] == 0) continue;
            sum += epoch.row_losses[i];
            ++count;
        }
        return sum / count;
    };
}

// Where it was left, or its beginning.
Checkpoint start_of(const Table& data, const Box& box, const std::vector<std::string>& targets,
                    const Mlp& mlp, const TrainOptions& options, const std::optional<std::string>& found) {
    check(box);
    check(mlp, options);
    if (targets.empty()) throw Error(Fault::input, "training needs at least one column to learn");
    if (found) return checkpoint_from(*found);
    Checkpoint checkpoint;
    checkpoint.result = beginning(data, box, targets, mlp, options);
    for (auto* values : {&checkpoint.result.memory.mean, &checkpoint.result.memory.square})
        values->resize(parameter_count(checkpoint.result.layers));
    checkpoint.now = checkpoint.result;
    return checkpoint;
}

}  // namespace

std::vector<plugin::Layer> borrowed(std::vector<DenseLayer>& layers) {
    std::vector<plugin::Layer> result;
    for (DenseLayer& layer : layers) {
        result.push_back({layer.inputs, layer.outputs, layer.batch_norm,
                          static_cast<plugin::Activation>(layer.activation), layer.weight.data(),
                          layer.bias.data(), layer.mean.data(), layer.variance.data(), layer.scale.data(),
                          layer.shift.data()});
    }
    return result;
}

Course::Course(const Table& data, const Table& validation, const Box& box,
               const std::vector<std::string>& targets, const Mlp& mlp, const TrainOptions& options,
               const Executor& executor, const std::optional<std::string>& found)
    : options_(options),
      state_(start_of(data, box, targets, mlp, options, found)),
      found_epochs_(state_.epochs_done),
      rows_(found && state_.now.memory.rows.width() > 0 ? state_.now.memory.rows : data, state_.result,
            options.equation),
      plugin_(load_plugin(options.device)),
      layers_(borrowed(state_.result.layers)),
      now_(borrowed(state_.now.layers)) {
    Memory &memory = state_.result.memory, &now_memory = state_.now.memory;
    if (!found && options.resample && !options.losses.empty()) resample(options.losses, memory.epochs);
    held_out_.push_back(samples_of(validation, state_.result));
    for (const auto& [name, table] : options.probes) held_out_.push_back(samples_of(table, state_.result));
    for (const Samples& samples : held_out_) held_out_rows_.push_back(samples.rows());
    rates_ = learning_rates(options, memory.epochs, memory.first_epochs);
    Watcher::Next next;
    if (options.resample) {
        next = [this](std::span<const double> losses, int done) {
            const bool others = resample(losses, done);
            if (others) rows_.lend(training_);
            return others;
        };
    }
    watcher_.emplace(options, executor, rates_, std::move(next), watched(options, rows_.table()));
    if (found) watcher_->remember(state_.result.history);
    const std::size_t count = rows_.table().rows();
    const bool each = options.resample || options.equation || !watched_column(options).empty();
    watcher_->row_count = each ? count : 0;
    training_.abi = plugin::abi_version;
    training_.layers = layers_.data();
    training_.layer_count = static_cast<int>(layers_.size());
    rows_.lend(training_);
    training_.held_out = held_out_rows_.data();
    training_.held_out_count = static_cast<int>(held_out_rows_.size());
    training_.first_epoch = memory.epochs;
    training_.epochs = options.epochs;
    training_.learning_rate = rates_.data();
    training_.loss = static_cast<plugin::Loss>(options.loss);
    training_.weight_decay = options.weight_decay;
    training_.decoupled = options.optimizer == Optimizer::adamw;
    training_.memory = {memory.mean.data(), memory.square.data(), memory.steps};
    training_.finish = options.finish;
    training_.single = options.single;
    training_.want_row_losses = each;
    training_.dropout = mlp.dropout;
    const std::size_t step = options.batch == 0 ? count : static_cast<std::size_t>(options.batch);
    training_.batches = static_cast<int>(std::max<std::size_t>(1, count / step));
    training_.seed = options.seed;
    training_.cuda = plugin_.device == "cuda";
    training_.epochs_done = found_epochs_;
    training_.kept = state_.kept;
    training_.now = now_.data();
    training_.now_memory = {now_memory.mean.data(), now_memory.square.data(), now_memory.steps};
    training_.on_epoch = Watcher::on_epoch;
    training_.on_checkpoint = Watcher::on_checkpoint;
    training_.user = &*watcher_;
}

bool Course::resample(std::span<const double> losses, int epochs_done) {
    auto other = options_.resample(rows_.table(), losses, epochs_done);
    if (other) rows_.replace(std::move(*other));
    return other.has_value();
}

std::string Course::checkpoint() {
    state_.epochs_done = training_.epochs_done;
    state_.kept = training_.kept;
    state_.result.memory.steps = training_.memory.steps;
    state_.now.memory.steps = training_.now_memory.steps;
    state_.result.history = watcher_->history();
    if (options_.resample) state_.now.memory.rows = rows_.table();
    return to_bytes(state_);
}

Surrogate Course::end(int failed, const TrainKeeper& keeper) {
    watcher_->rethrow();
    if (failed) throw Error(Fault::numerics, "LibTorch could not train: " + std::string(training_.error));
    Surrogate& learned = state_.result;
    learned.memory.steps = training_.memory.steps;
    learned.memory.epochs += watcher_->epochs();
    learned.history = watcher_->history();
    learned.memory.rows = {};
    if (watcher_->row_count > 0) {
        learned.memory.rows = rows_.table();
        learned.memory.rows.set("loss", watcher_->row_losses);
    }
    if (keeper.account)
        keeper.account(found_epochs_, static_cast<int>(learned.history.rows()) - found_epochs_);
    return std::move(learned);
}

}  // namespace rondo
