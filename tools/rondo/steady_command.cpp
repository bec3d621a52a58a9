// steady_command.cpp: `rondo steady`.
#include <nlohmann/json.hpp>

#include "runtime/api/models.h"
#include "runtime/steady/steady.h"
#include "runtime/table/csv.h"
#include "tools/rondo/commands.h"

namespace rondo {

namespace {

struct SteadyArguments {
    std::string model, out;
    SteadyOptions options;
    std::vector<std::string> settings;
    bool json = false;
};

std::string as_json(const Steady& found) {
    nlohmann::ordered_json document;
    document["residual"] = found.residual;
    document["stable"] = found.stable;
    document["way"] = name_of(found.way);
    document["time"] = found.time;
    for (const auto& value : found.eigenvalues)
        document["eigenvalues"].push_back({value.real(), value.imag()});
    for (const auto& [name, value] : found.values) document["state"][name] = value;
    return document.dump(2) + "\n";
}

// Columns `name`, `value`.
std::string as_csv(const Steady& found) {
    std::vector<std::string> names;
    std::vector<double> values;
    for (const auto& [name, value] : found.values) {
        names.push_back(name);
        values.push_back(value);
    }
    Table table;
    table.set("name", std::move(names));
    table.set("value", std::move(values));
    return to_csv(table);
}

int run_steady(const SteadyArguments& a, Program& program) {
    const auto warn = [&](const std::string& text) { program.warn(text); };
    const Model model = load_model(a.model, warn).with(number_settings(a.settings));
    const Steady found = steady_state(model, a.options);
    for (const auto& warning : found.warnings) warn(a.model + ": " + warning);
    if (!found.failure.empty()) throw Error(Fault::numerics, a.model + ": no steady state: " + found.failure);
    char text[160];
    std::snprintf(text, sizeof text, ": %s, residual %.2g, slowest eigenvalue %.4g, found by %s",
                  found.stable ? "stable" : "not stable", found.residual, found.slowest(),
                  std::string(name_of(found.way)).c_str());
    warn(a.model + text);
    deliver(a.out, a.json ? as_json(found) : as_csv(found));
    return 0;
}

}  // namespace

void add_steady(CLI::App& app, Program& program, Chosen& chosen) {
    auto* command = app.add_subcommand("steady", "the state in which a model comes to rest, as CSV");
    auto a = std::make_shared<SteadyArguments>();
    command->add_option("MODEL", a->model, "MODEL.ant or MODEL.xml")->required();
    command->add_option("--set", a->settings, "NAME=VALUE: a parameter, compartment or initial value")
        ->allow_extra_args(false);
    command->add_option("--tolerance", a->options.tolerance, "of the state, relative; default 1e-9")
        ->check(CLI::PositiveNumber);
    command->add_option("--out", a->out, "FILE; default: standard output");
    command->add_flag("--json", a->json, "as JSON, with the eigenvalues");
    command->add_flag("--quiet", program.quiet, "no remarks");
    command->callback([&program, &chosen, a] { chosen = [&program, a] { return run_steady(*a, program); }; });
}

}  // namespace rondo
