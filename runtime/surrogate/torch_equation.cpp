// torch_equation.cpp: residuals by Taylor mode and by hand, and by nested automatic differentiation.
#include "runtime/surrogate/torch_equation.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include "runtime/surrogate/torch_formula.h"
#include "runtime/surrogate/torch_taylor.h"

namespace rondo::plugin {

namespace {

// Points that go through the network together on the CPU: what they leave in each layer stays in its caches.
constexpr std::int64_t block = 256;

Channels channels_of(const Term& term) {
    Channels channels{term.first_count, {}};
    for (int i = 0; i < term.second_count; ++i)
        channels.seconds.push_back({term.seconds[2 * i], term.seconds[2 * i + 1]});
    return channels;
}

}  // namespace

struct Equation::Part {
    Part(const Term& term, const Network& network)
        : formula(term),
          residuals(term.residuals, term.residuals + term.residual_count),
          by_slot(term.by_slot, term.by_slot + term.residual_count * term.slot_count),
          slots(term.slots, term.slots + term.slot_count),
          channels(channels_of(term)),
          taylor(network.layers(), channels),
          weight(term.weight) {
        read(term, network);
    }

    void read(const Term& term, const Network& network) {
        rows = static_cast<std::int64_t>(term.count);
        const std::int64_t width = network.layers().front().weight.size(1);
        inputs = copy_of(term.inputs, {channels.count(), rows, width}, network.place());
        columns = copy_of(term.columns, {term.column_count, rows}, network.place());
    }

    std::vector<at::Tensor> columns_of(std::int64_t begin, std::int64_t end) const {
        return columns.slice(1, begin, end).unbind(0);
    }

    // Of the rows from begin to end: adds their part of the loss's gradient; gives the squared residuals.
    at::Tensor learn(std::int64_t begin, std::int64_t end, std::vector<at::Tensor>& gradients) {
        const at::Tensor& u = taylor.forward(inputs.slice(1, begin, end).contiguous());
        std::vector<at::Tensor> values_of_slots;
        for (const Slot& slot : slots) values_of_slots.push_back(u[slot.channel].select(1, slot.output));
        const auto values = formula.evaluate(values_of_slots, columns_of(begin, end), u.options());
        at::Tensor squares = at::zeros({end - begin}, u.options()), by_output = at::zeros_like(u);
        for (std::size_t r = 0; r < residuals.size(); ++r) {
            const at::Tensor& residual = values[static_cast<std::size_t>(residuals[r])];
            squares.add_(residual.square());
            for (std::size_t s = 0; s < slots.size(); ++s) {
                const at::Tensor& by = values[static_cast<std::size_t>(by_slot[r * slots.size() + s])];
                by_output[slots[s].channel]
                    .select(1, slots[s].output)
                    .add_(residual * by, 2 * weight / static_cast<double>(rows));
            }
        }
        taylor.backward(by_output, gradients);
        return squares;
    }

    // The squared residuals, as functions of the network's parameters that can be differentiated.
    at::Tensor squares(const Network& network) const {
        // A step along each axis, 0, of which the inputs are a polynomial with their derivatives.
        std::vector<at::Tensor> steps(1);
        at::Tensor x = inputs[0];
        for (int a = 1; a <= channels.firsts; ++a) {
            steps.push_back(at::zeros({rows, 1}, inputs.options()).requires_grad_(true));
            x = x + steps.back() * inputs[a];
        }
        for (std::size_t i = 0; i < channels.seconds.size(); ++i) {
            const auto [a, b] = channels.seconds[i];
            const auto c = static_cast<std::int64_t>(i) + channels.firsts + 1;
            x = x + (a == b ? 0.5 : 1.0) * steps[static_cast<std::size_t>(a)] *
                        steps[static_cast<std::size_t>(b)] * inputs[c];
        }
        const at::Tensor u = network.evaluate(x);
        const auto along = [&](const at::Tensor& value, int a) {
            return torch::autograd::grad({value.sum()}, {steps[static_cast<std::size_t>(a)]}, {}, true,
                                         true)[0];
        };
        std::vector<at::Tensor> values_of_slots;
        for (const Slot& slot : slots) {
            at::Tensor value = u.select(1, slot.output);
            if (slot.channel > channels.firsts) {
                const auto [a, b] =
                    channels.seconds[static_cast<std::size_t>(slot.channel - channels.firsts - 1)];
                value = along(along(value, a), b).squeeze(1);
            } else if (slot.channel > 0) {
                value = along(value, slot.channel).squeeze(1);
            }
            values_of_slots.push_back(value);
        }
        const auto values = formula.evaluate(values_of_slots, columns_of(0, rows), inputs.options());
        at::Tensor sum = at::zeros({rows}, inputs.options());
        for (const int residual : residuals) sum = sum + values[static_cast<std::size_t>(residual)].square();
        return sum;
    }

    Formula formula;
    std::vector<int> residuals, by_slot;
    std::vector<Slot> slots;
    Channels channels;
    Taylor taylor;
    double weight;
    std::int64_t rows = 0;
    at::Tensor inputs, columns;
};

Equation::Equation(const Term* terms, int count, const Network& network) : network_(network) {
    parts_.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) parts_.emplace_back(terms[i], network);
}

Equation::~Equation() = default;

void Equation::redraw(const Term& term) {
    parts_.front().read(term, network_);
}

double Equation::loss(std::vector<at::Tensor>& gradients, double* row_losses) {
    const c10::NoGradGuard no_grad;
    double sum = 0;
    for (Part& part : parts_) {
        const std::int64_t step = part.inputs.is_cpu() ? block : part.rows;
        at::Tensor squares = at::empty({part.rows}, part.inputs.options());
        for (std::int64_t begin = 0; begin < part.rows; begin += step) {
            const std::int64_t end = std::min(begin + step, part.rows);
            squares.slice(0, begin, end).copy_(part.learn(begin, end, gradients));
        }
        sum += part.weight * squares.mean().item<double>();
        if (row_losses && &part == &parts_.front()) copy_back(squares, row_losses);
    }
    return sum;
}

double Equation::nested_loss(std::vector<at::Tensor>& gradients, double* row_losses) const {
    at::Tensor sum = at::zeros({}, network_.place().options());
    for (const Part& part : parts_) {
        const at::Tensor squares = part.squares(network_);
        sum = sum + part.weight * squares.mean();
        if (row_losses && &part == &parts_.front()) copy_back(squares, row_losses);
    }
    const std::vector<at::Tensor> found =
        torch::autograd::grad({sum}, network_.parameters(), {}, std::nullopt, false, true);
    const c10::NoGradGuard no_grad;
    for (std::size_t i = 0; i < found.size(); ++i)
        if (found[i].defined()) gradients[i].add_(found[i]);
    return sum.item<double>();
}

}  // namespace rondo::plugin
