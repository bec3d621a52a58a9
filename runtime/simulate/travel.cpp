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

}  // namespace rondo
