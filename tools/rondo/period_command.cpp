// period_command.cpp: `rondo period`.
#include "runtime/api/models.h"
#include "runtime/label/period.h"
#include "runtime/table/csv.h"
#include "tools/rondo/commands.h"

namespace rondo {

namespace {

struct PeriodArguments {
    std::string model, out;
    std::vector<std::string> of, settings;
};

int run_period(const PeriodArguments& a, Program& program) {
    const auto warn = [&](const std::string& text) { program.warn(text); };
    const Model model = load_model(a.model, warn).with(number_settings(a.settings));
    const Period found = find_period(model, a.of);
    warn(a.model + ": period " + shortest(found.orbit.period) + ", " +
         (found.orbit.stable ? "stable" : "not stable") + ", largest Floquet multiplier " +
         shortest(found.orbit.largest_multiplier()));
    deliver(a.out, found.sensitivities);
    return 0;
}

}  // namespace

void add_period(CLI::App& app, Program& program, Chosen& chosen) {
    auto* command =
        app.add_subcommand("period", "the period of a model's limit cycle, and its derivatives, as CSV");
    auto a = std::make_shared<PeriodArguments>();
    command->add_option("MODEL", a->model, "MODEL.ant or MODEL.xml")->required();
    command->add_option("--of", a->of, "quantities to observe, e.g. X,Y")->delimiter(',')->required();
    command->add_option("--set", a->settings, "NAME=VALUE: a parameter, compartment or initial value")
        ->allow_extra_args(false);
    command->add_option("--out", a->out, "FILE; default: standard output");
    command->add_flag("--quiet", program.quiet, "no remarks");
    command->callback([&program, &chosen, a] { chosen = [&program, a] { return run_period(*a, program); }; });
}

}  // namespace rondo
