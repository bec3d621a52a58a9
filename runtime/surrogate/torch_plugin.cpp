// torch_plugin.cpp: training with LibTorch. This file and torch_*.cpp alone see it. Built twice: for the CPU,
// and linked to CUDA.
//
// Bytes depend on seed and data alone: one thread does all arithmetic, and masks and shuffles come from
// Philox, never from LibTorch's global generator.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/version.h>

#include <cstdio>
#include <span>
#include <vector>

#include "runtime/sample/random.h"
#include "runtime/surrogate/lbfgs.h"
#include "runtime/surrogate/torch_equation.h"
#include "runtime/surrogate/torch_network.h"
#include "runtime/surrogate/torch_steps.h"
#include "runtime/surrogate/torch_together.h"

namespace rondo::plugin {
namespace {

std::vector<at::Tensor> zeros_like(const std::vector<at::Tensor>& tensors) {
    std::vector<at::Tensor> zeros;
    for (const at::Tensor& tensor : tensors) zeros.push_back(at::zeros_like(tensor));
    return zeros;
}

class Trainer {
  public:
    explicit Trainer(Training& training)
        : training_(training),
          network_(network_to_start(training)),
          data_(training.train, training),
          held_out_(training),
          equation_(training.terms, training.term_count, network_),
          parameters_(differentiable(network_.parameters())),
          adam_(parameters_, training) {
        adam_.load(memory_to_start(training));
    }

    void run() {
        for (int e = training_.epochs_done; e < training_.epochs && !stopped_; ++e) {
            const double loss = pass(e);
            if (hear(training_.first_epoch + e, loss, row_losses_.data()) & checkpoint) leave_behind(e + 1);
        }
        if (!stopped_ && training_.finish > 0) finish();
        if (!training_.kept) store();
    }

  private:
    // One pass over the rows; the mean of the losses met.
    double pass(int e) {
        const int number = training_.first_epoch + e;
        Random masks(training_.seed, "train.dropout", static_cast<std::uint64_t>(number));
        const std::int64_t count = data_.inputs.size(0), batches = training_.batches;
        if (training_.want_row_losses)
            row_losses_.resize(training_.terms ? training_.terms->count : static_cast<std::size_t>(count));
        if (training_.terms) return satisfy(e);
        if (batches == 1) return learn(data_, {}, e, masks);
        const at::Tensor order = shuffled(count, training_.seed, number);
        double sum = 0;
        for (std::int64_t i = 0; i < batches; ++i) {
            const std::int64_t begin = i * count / batches, end = (i + 1) * count / batches;
            const at::Tensor rows = order.slice(0, begin, end), there = rows.to(network_.place().device);
            Data batch = data_;
            batch.inputs = data_.inputs.index_select(0, there);
            batch.targets = data_.targets.index_select(0, there);
            sum += static_cast<double>(end - begin) * learn(batch, rows, e, masks);
        }
        return sum / static_cast<double>(count);
    }

    // One step by the terms of the equation.
    double satisfy(int e) {
        std::vector<at::Tensor> gradients = zeros_like(parameters_);
        const double loss =
            equation_.loss(gradients, training_.want_row_losses ? row_losses_.data() : nullptr);
        adam_.step(gradients, training_.learning_rate[e]);
        return loss;
    }

    // rows: where the batch's rows stand; undefined: all, in order.
    double learn(const Data& batch, const at::Tensor& rows, int e, Random& masks) {
        const at::Tensor given = network_.train(batch.inputs, training_.dropout, masks);
        if (training_.want_row_losses) note(given, batch.targets, rows);
        const at::Tensor loss = loss_of(training_.loss, given, batch.targets, at::Reduction::Mean);
        adam_.step(gradients_of(loss, parameters_), training_.learning_rate[e]);
        return loss.item<double>();
    }

    void note(const at::Tensor& given, const at::Tensor& target, const at::Tensor& rows) {
        const c10::NoGradGuard no_grad;
        const at::Tensor losses =
            loss_of(training_.loss, given, target, at::Reduction::None).mean(1).to(at::kCPU, at::kDouble);
        const auto* values = losses.const_data_ptr<double>();
        const auto* place = rows.defined() ? rows.const_data_ptr<std::int64_t>() : nullptr;
        for (std::int64_t i = 0; i < losses.numel(); ++i)
            row_losses_[static_cast<std::size_t>(place ? place[i] : i)] = values[i];
    }

    unsigned hear(int number, double loss, const double* row_losses) {
        const Epoch epoch{number, loss, held_out_.losses(network_), row_losses};
        const unsigned answer = training_.on_epoch(training_.user, &epoch);
        if (answer & keep) store();
        if (answer & redrawn && training_.terms)
            equation_.redraw(*training_.terms);
        else if (answer & redrawn)
            data_ = Data(training_.train, training_);
        stopped_ = answer & stop;
        return answer;
    }

    void store() {
        network_.store(training_.layers);
        adam_.store(training_.memory);
        training_.kept = 1;
    }

    void leave_behind(int epochs_done) {
        network_.store(training_.now);
        adam_.store(training_.now_memory);
        training_.epochs_done = epochs_done;
        training_.on_checkpoint(training_.user);
    }

    // L-BFGS from where the epochs ended.
    void finish() {
        std::vector<double> x(static_cast<std::size_t>(size_of(parameters_)));
        read(parameters_, x.data());
        int number = training_.first_epoch + training_.epochs;
        const auto loss_at = [&](const std::vector<double>& at, std::vector<double>& gradient) {
            write(at.data(), parameters_);
            if (training_.terms) {
                std::vector<at::Tensor> gradients = zeros_like(parameters_);
                const double loss = equation_.loss(gradients, nullptr);
                read(gradients, gradient.data());
                return loss;
            }
            const at::Tensor loss =
                loss_of(training_.loss, network_.evaluate(data_.inputs), data_.targets, at::Reduction::Mean);
            read(gradients_of(loss, parameters_), gradient.data());
            return loss.item<double>();
        };
        minimise(x, loss_at, training_.finish, [&](double loss) {
            write(x.data(), parameters_);
            hear(number++, loss, nullptr);
            return !stopped_;
        });
        write(x.data(), parameters_);
    }

    static std::int64_t size_of(const std::vector<at::Tensor>& tensors) {
        std::int64_t size = 0;
        for (const at::Tensor& tensor : tensors) size += tensor.numel();
        return size;
    }

    static void read(const std::vector<at::Tensor>& tensors, double* values) {
        for (const at::Tensor& tensor : tensors) {
            copy_back(tensor, values);
            values += tensor.numel();
        }
    }

    static void write(const double* values, std::vector<at::Tensor>& tensors) {
        const c10::NoGradGuard no_grad;
        for (at::Tensor& tensor : tensors) {
            tensor.copy_(at::from_blob(const_cast<double*>(values), tensor.sizes(), at::kDouble));
            values += tensor.numel();
        }
    }

    Training& training_;
    Network network_;
    Data data_;
    HeldOut held_out_;
    Equation equation_;
    std::vector<at::Tensor> parameters_;
    Adam adam_;
    std::vector<double> row_losses_;
    bool stopped_ = false;
};

// Runs `work`; its exception, if any, becomes text.
template <class Work>
int guarded(char* error, std::size_t size, const Work& work) {
    try {
        work();
        return 0;
    } catch (const c10::Error& fault) {
        std::snprintf(error, size, "%s", fault.what_without_backtrace());
    } catch (const std::exception& fault) {
        std::snprintf(error, size, "%s", fault.what());
    }
    return 1;
}

}  // namespace

extern "C" {

const char* rondo_torch_version() {
    return TORCH_VERSION;
}

int rondo_torch_train(Training* training) {
    if (training->abi != abi_version) return 2;
    return guarded(training->error, sizeof training->error, [&] {
        at::set_num_threads(1);
        Trainer(*training).run();
    });
}

int rondo_torch_train_together(Training* const* trainings, int count) {
    for (int i = 0; i < count; ++i)
        if (trainings[i]->abi != abi_version) return 2;
    return guarded(trainings[0]->error, sizeof trainings[0]->error, [&] {
        at::set_num_threads(1);
        train_together(std::span(trainings, static_cast<std::size_t>(count)));
    });
}

int rondo_torch_equation(Training* training, int nested, double* loss, double* row_losses, double* gradient) {
    if (training->abi != abi_version) return 2;
    return guarded(training->error, sizeof training->error, [&] {
        at::set_num_threads(1);
        const Network network(training->layers, training->layer_count, place_of(*training));
        const std::vector<at::Tensor> parameters = differentiable(network.parameters());
        Equation equation(training->terms, training->term_count, network);
        std::vector<at::Tensor> gradients = zeros_like(parameters);
        *loss = nested ? equation.nested_loss(gradients, row_losses) : equation.loss(gradients, row_losses);
        for (const at::Tensor& each : gradients) {
            if (!gradient) break;
            copy_back(each, gradient);
            gradient += each.numel();
        }
    });
}

int rondo_torch_predict(const Layer* layers, int layer_count, const double* inputs, std::size_t rows,
                        double* outputs, char* error, std::size_t error_size) {
    return guarded(error, error_size, [&] {
        at::set_num_threads(1);
        const c10::NoGradGuard no_grad;
        const Network network(layers, layer_count, Place());
        const at::Tensor x = copy_of(inputs, {static_cast<std::int64_t>(rows), layers[0].inputs}, Place());
        copy_back(network.evaluate(x), outputs);
    });
}

}  // extern "C"

}  // namespace rondo::plugin
