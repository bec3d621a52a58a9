#include "runtime/surrogate/watcher.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "dsl/syntax/error.h"
#include "runtime/table/csv.h"

namespace rondo {
namespace {

constexpr const char* watched_loss = "watched_loss";  // a column of the history

}  // namespace

Watcher::Watcher(const TrainOptions& options, const Executor& executor, std::span<double> rates, Next next,
                 Watched watched)
    : options_(options),
      executor_(executor),
      rates_(rates),
      next_(std::move(next)),
      watched_(std::move(watched)),
      rule_(options.plateau),
      probe_losses_(options.probes.size()) {
    if (executor.progress())
        executor.progress()->begin("train", rates.size() + static_cast<std::size_t>(options.finish));
}

Watcher::~Watcher() {
    if (executor_.progress()) executor_.progress()->end();
}

unsigned Watcher::on_epoch(void* self, const plugin::Epoch* epoch) {
    auto& watcher = *static_cast<Watcher*>(self);
    try {
        return watcher.hear(*epoch);
    } catch (...) {
        watcher.thrown_ = std::current_exception();
        return plugin::stop | plugin::give_up;
    }
}

void Watcher::on_checkpoint(void* self) {
    auto& watcher = *static_cast<Watcher*>(self);
    try {
        watcher.keep();
    } catch (...) {
        watcher.thrown_ = std::current_exception();
    }
}

void Watcher::rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
}

void Watcher::remember(const Table& past) {
    const auto epochs = past.numbers("epoch"), losses = past.numbers("train_loss"),
               validations = past.numbers("validation_loss");
    for (std::size_t i = 0; i < epochs.size(); ++i) {
        epochs_.push_back(epochs[i]);
        train_losses_.push_back(losses[i]);
        validation_losses_.push_back(validations[i]);
        for (std::size_t k = 0; k < probe_losses_.size(); ++k)
            probe_losses_[k].push_back(past.numbers(probe_column(k))[i]);
        if (watched_) watch(past.numbers(watched_loss)[i]);
        if (!std::isnan(validations[i])) judge(static_cast<int>(epochs[i]) - 1, validations[i]);
    }
}

Table Watcher::history() const {
    Table table;
    table.set("epoch", epochs_);
    table.set("train_loss", train_losses_);
    table.set("validation_loss", validation_losses_);
    std::vector<double> rates;
    for (std::size_t i = 0; i < epochs_.size(); ++i) rates.push_back(rate(i));
    table.set("learning_rate", std::move(rates));
    for (std::size_t k = 0; k < probe_losses_.size(); ++k) table.set(probe_column(k), probe_losses_[k]);
    if (watched_) table.set(watched_loss, watched_losses_);
    return table;
}

// Those of L-BFGS are in the history alone.
int Watcher::epochs() const {
    return static_cast<int>(std::min(epochs_.size(), rates_.size()));
}

std::string Watcher::probe_column(std::size_t k) const {
    return options_.probes[k].first + "_loss";
}

// 0: L-BFGS.
double Watcher::rate(std::size_t epoch) const {
    return epoch < rates_.size() ? rates_[epoch] : 0;
}

unsigned Watcher::hear(const plugin::Epoch& epoch) {
    const double validation_loss = epoch.held_out_losses[0];
    const bool validated = !std::isnan(validation_loss);
    if (!std::isfinite(epoch.train_loss) || std::isinf(validation_loss)) {
        throw Error(Fault::numerics, "the loss of the training is not finite in epoch " +
                                         std::to_string(epoch.number + 1) + " (learning rate " +
                                         shortest(rate(epochs_.size())) + "); try a smaller learning_rate");
    }
    if (epoch.row_losses && row_count > 0) row_losses.assign(epoch.row_losses, epoch.row_losses + row_count);
    epochs_.push_back(epoch.number + 1);
    train_losses_.push_back(epoch.train_loss);
    validation_losses_.push_back(validation_loss);
    for (std::size_t k = 0; k < probe_losses_.size(); ++k)
        probe_losses_[k].push_back(epoch.held_out_losses[k + 1]);
    if (watched_) watch(epochs_.size() <= rates_.size() ? watched_(epoch) : epoch.train_loss);
    show(epoch.train_loss, validation_loss);
    unsigned answer = validated ? judge(epoch.number, validation_loss) : 0;
    // One that ends by itself in this epoch is not interrupted: going on, it would learn for an epoch more.
    if (executor_.stopping() && !(answer & plugin::stop)) {
        thrown_ = std::make_exception_ptr(
            Error(Fault::interrupted, "interrupted: train, " + std::to_string(epochs_.size()) + " of " +
                                          std::to_string(rates_.size()) + " epochs done"));
        answer |= plugin::stop;
    }
    if (next_ && epoch.row_losses && epochs_.size() < rates_.size() && !(answer & plugin::stop)) {
        if (next_(row_losses, epoch.number + 1)) answer |= plugin::redrawn;
    }
    return answer | checkpoint_due(answer);
}

unsigned Watcher::checkpoint_due(unsigned answer) {
    const bool ends = epochs_.size() >= rates_.size() || (answer & plugin::stop && !thrown_);
    if (!keep || ends) return 0;
    const auto now = std::chrono::steady_clock::now();
    if (!thrown_ && now - last_ < std::chrono::duration<double>(seconds)) return 0;
    last_ = now;
    return plugin::checkpoint;
}

// One more epoch is in the history.
void Watcher::watch(double loss) {
    watched_losses_.push_back(loss);
    const double factor = rule_.after(loss);
    for (std::size_t e = watched_losses_.size(); e < rates_.size(); ++e) rates_[e] *= factor;
}

void Watcher::show(double train_loss, double validation_loss) const {
    Progress* progress = executor_.progress();
    if (!progress) return;
    char text[64];
    std::snprintf(text, sizeof text, std::isnan(validation_loss) ? "loss %.3g" : "loss %.3g val %.3g",
                  train_loss, validation_loss);
    progress->note(text);
    progress->advance(epochs_.size());
}

unsigned Watcher::judge(int epoch, double validation_loss) {
    if (validation_loss < best_loss_) {
        best_loss_ = validation_loss;
        best_epoch_ = epoch;
        return options_.best_weights ? plugin::keep : 0;
    }
    const bool tired = options_.patience > 0 && epoch - best_epoch_ >= options_.patience;
    return tired ? plugin::stop : 0;
}

}  // namespace rondo
