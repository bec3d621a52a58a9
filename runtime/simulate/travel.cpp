#include "runtime/simulate/travel.h"

#include <cmath>

#include "dsl/model/resolve.h"
#include "dsl/syntax/error.h"
#include "dsl/syntax/parse.h"

namespace rondo {

namespace {

Model read(const std::string& text) {
    Sources sources;
    Diagnostics diagnostics(sources);
    Network network = resolve(parse_models(sources.add("model", text), diagnostics), diagnostics);
    diagnostics.throw_if_errors();
    return Model(std::move(network));
}

// In a list of columns name.0, name.1, ...
std::string nth(const std::string& name, std::size_t i) {
    return name + "." + std::to_string(i);
}

bool same(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

}  // namespace

std::optional<Table> packed(const Model& model) {
    Table row;
    pack(row, "model", model.canonical());
    pack(row, "inputs", std::vector<double>(model.inputs().begin(), model.inputs().end()));
    try {
        const Model back = read(model.canonical());
        if (dump(back.system()) != dump(model.system())) return std::nullopt;
    } catch (const Error&) {
        return std::nullopt;
    }
    return row;
}

Model unpacked_model(const Table& packed) {
    const Model model = read(unpacked_text(packed, "model"));
    const auto values = unpacked_numbers(packed, "inputs");
    std::vector<Setting> settings;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!same(values[i], model.inputs()[i]))
            settings.emplace_back(model.system().inputs[i].id, values[i]);
    return model.with(settings);
}

void pack(Table& row, const std::string& name, const std::string& text) {
    row.set(name, std::vector<std::string>{text});
}

void pack(Table& row, const std::string& name, const std::vector<double>& numbers) {
    for (std::size_t i = 0; i < numbers.size(); ++i) row.set(nth(name, i), std::vector<double>{numbers[i]});
}

void pack(Table& row, const std::string& name, const std::vector<std::string>& texts) {
    for (std::size_t i = 0; i < texts.size(); ++i) pack(row, nth(name, i), texts[i]);
}

std::string unpacked_text(const Table& row, const std::string& name) {
    return row.at(name).texts().front();
}

std::vector<double> unpacked_numbers(const Table& row, const std::string& name) {
    std::vector<double> numbers;
    for (const Column* column; (column = row.find(nth(name, numbers.size())));)
        numbers.push_back(column->numbers().front());
    return numbers;
}

std::vector<std::string> unpacked_texts(const Table& row, const std::string& name) {
    std::vector<std::string> texts;
    for (const Column* column; (column = row.find(nth(name, texts.size())));)
        texts.push_back(column->texts().front());
    return texts;
}

}  // namespace rondo
