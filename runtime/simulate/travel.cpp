#include "runtime/simulate/travel.h"

#include <cmath>

#include "dsl/syntax/error.h"

namespace rondo {

namespace {

bool same(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

}  // namespace

std::optional<Table> packed(const Model& model) {
    const std::string text = model.canonical();
    Table row;
    pack(row, "model", text);
    pack(row, "inputs", std::vector<double>(model.inputs().begin(), model.inputs().end()));
    try {
        const Model back = read_model(text, "model");
        if (dump(back.system()) != dump(model.system())) return std::nullopt;
    } catch (const Error&) {
        return std::nullopt;
    }
    return row;
}

Model unpacked_model(const Table& packed) {
    const Model model = read_model(unpacked_text(packed, "model"), "model");
    const auto values = unpacked_numbers(packed, "inputs");
    std::vector<Setting> settings;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!same(values[i], model.inputs()[i]))
            settings.emplace_back(model.system().inputs[i].id, values[i]);
    return model.with(settings);
}

void pack(Table& row, const SimulateOptions& options) {
    pack(row, "select", options.select);
    pack(row, "options",
         std::vector<double>{options.start, options.end, static_cast<double>(options.points),
                             static_cast<double>(options.method), options.integrate.rtol,
                             options.integrate.atol, static_cast<double>(options.integrate.max_steps)});
    std::vector<double> times, values;
    std::vector<std::string> inputs;
    for (const auto& change : options.changes) {
        for (const auto& [input, value] : change.settings) {
            times.push_back(change.t);
            inputs.push_back(input);
            values.push_back(value);
        }
    }
    pack(row, "change.t", times);
    pack(row, "change.input", inputs);
    pack(row, "change.value", values);
}

SimulateOptions unpacked_options(const Table& row) {
    const auto numbers = unpacked_numbers(row, "options");
    SimulateOptions options;
    options.start = numbers[0];
    options.end = numbers[1];
    options.points = static_cast<std::size_t>(numbers[2]);
    options.method = static_cast<EnsembleMethod>(numbers[3]);
    options.integrate.rtol = numbers[4];
    options.integrate.atol = numbers[5];
    options.integrate.max_steps = static_cast<long>(numbers[6]);
    options.select = unpacked_texts(row, "select");
    const auto times = unpacked_numbers(row, "change.t"), values = unpacked_numbers(row, "change.value");
    const auto inputs = unpacked_texts(row, "change.input");
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (i == 0 || times[i] != times[i - 1]) options.changes.push_back({times[i], {}});
        options.changes.back().settings.emplace_back(inputs[i], values[i]);
    }
    return options;
}

}  // namespace rondo
