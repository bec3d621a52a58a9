#include "runtime/surrogate/training_rows.h"

#include <cmath>

#include "dsl/syntax/error.h"
#include "runtime/surrogate/inputs.h"
#include "runtime/table/csv.h"

namespace rondo {

Samples samples_of(const Table& table, const Surrogate& network) {
    Samples samples;
    samples.count = table.rows();
    if (samples.count == 0) return samples;
    const std::size_t width = input_width(network), outputs = network.outputs.size();
    samples.inputs.resize(samples.count * width);
    samples.targets.resize(samples.count * outputs);
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
    std::size_t at = 0;
    std::vector<double> seen;
    for (std::size_t axis = 0; axis < network.box.axes.size(); ++axis) {
        seen.resize(axis_width(network, axis));
        for (std::size_t i = 0; i < seen.size(); ++i) {
            spread(network.box.axes[axis].name, samples.inputs, at++, width, [&](double x) {
                axis_inputs(network, axis, x, 0, seen.data());
                return seen[i];
            });
        }
    }
    for (const Feature& feature : network.features) {
        spread(feature.column, samples.inputs, at++, width, [&](double x) { return feature.input(x); });
    }
    for (std::size_t i = 0; i < outputs; ++i)
        spread(network.outputs[i], samples.targets, i, outputs, [](double y) { return y; });
    return samples;
}

TrainingRows::TrainingRows(Table rows, const Surrogate& network, const Equation* equation)
    : network_(network), table_(std::move(rows)) {
    if (table_.rows() < 2) {
        throw Error(Fault::input,
                    "training needs at least 2 rows; there are " + std::to_string(table_.rows()));
    }
    if (equation)
        terms_.emplace(network, *equation, table_);
    else
        samples_ = samples_of(table_, network);
}

void TrainingRows::replace(Table rows) {
    table_ = std::move(rows);
    if (terms_)
        terms_->redraw(table_);
    else
        samples_ = samples_of(table_, network_);
}

void TrainingRows::lend(plugin::Training& training) const {
    training.train = samples_.rows();
    if (!terms_) return;
    training.terms = terms_->span().data();
    training.term_count = static_cast<int>(terms_->span().size());
}

}  // namespace rondo
