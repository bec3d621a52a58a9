// run.cpp: `rondo run` and `rondo check`.
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "runtime/api/models.h"
#include "runtime/api/session.h"
#include "runtime/report/report.h"
#include "runtime/simulate/simulate.h"
#include "runtime/table/file.h"
#include "tools/rondo/commands.h"

namespace rondo {

namespace {

struct RunArguments {
    std::string file, device = "auto", out = ".", store;
    std::vector<std::string> settings;
    int jobs = 0;
    bool fresh = false;
};

Device device_of(const std::string& name) {
    return name == "cuda" ? Device::cuda : name == "cpu" ? Device::cpu : Device::automatic;
}

SessionOptions session_options(const RunArguments& arguments, Program& program) {
    SessionOptions options;
    options.jobs = arguments.jobs;
    options.device = device_of(arguments.device);
    options.output_folder = arguments.out;
    if (!arguments.store.empty()) options.store = arguments.store;
    options.fresh = arguments.fresh;
    for (const auto& setting : arguments.settings) options.settings.push_back(split_setting(setting));
    options.warn = [&](const std::string& text) { program.warn(text); };
    options.stop = program.stop;
    options.progress = program.progress();
    options.crew = program.crew.get();
    return options;
}

int run_study(const RunArguments& arguments, Program& program) {
    if (program.helped(arguments.jobs)) return 0;
    Session(session_options(arguments, program)).run(arguments.file);
    return 0;
}

// No study: what the problem is, and how likely its data are at the nominal parameters.
int run_problem(const RunArguments& arguments, Program& program) {
    const std::filesystem::path file = arguments.file;
    SessionOptions options = session_options(arguments, program);
    options.study_folder = file.parent_path();
    Session session(std::move(options));
    session.evaluate("import \"" + file.filename().string() + "\" as problem");
    session.evaluate("found = likelihood(problem)");
    session.evaluate("print(problem)");
    session.evaluate("print(found.data)");
    session.evaluate("print(\"nllh {found.nllh}, prior {found.prior}\")");
    return 0;
}

Plot plot_of(const Table& run, const std::string& title) {
    Plot plot;
    plot.title = title;
    plot.x_label = "time";
    const auto times = run.numbers("time");
    for (const auto& column : run.columns()) {
        if (column.name == "time") continue;
        plot.series.push_back({column.name, {times.begin(), times.end()}, column.numbers(), {}});
    }
    return plot;
}

// No study: simulate with sensible defaults, print the table, draw it on the terminal and as MODEL.svg.
int run_model(const RunArguments& arguments, Program& program) {
    const std::filesystem::path file = arguments.file;
    const auto warn = [&](const std::string& text) { program.warn(text); };
    const Model model = load_model(file, warn).with(number_settings(arguments.settings));
    const SimulateOptions options;
    const Run run = simulate(model, options);
    const auto& network = model.network();
    const Plot plot = plot_of(run.table, network.name.empty() ? network.id : network.name);
    std::cout << to_text(run.table);
    if (isatty(STDOUT_FILENO)) std::cout << to_terminal(plot);
    if (run.outcome.kind == Outcome::Kind::failed) {
        throw Error(Fault::numerics, file.string() + ": " + describe(run.outcome, options.end));
    }
    const auto picture = std::filesystem::path(arguments.out) / file.filename().replace_extension(".svg");
    write_file(picture, to_svg(plot));
    program.warn("the plot is " + picture.string());
    return 0;
}

int run_check(const std::vector<std::string>& files, bool strict) {
    bool errors = false;
    for (const auto& file : files) {
        try {
            const CheckResult result = check_file(file, strict);
            std::cerr << result.text;
            errors = errors || result.errors;
        } catch (const Error& error) {
            std::cerr << error.what() << '\n';
            errors = true;
        }
    }
    return errors ? static_cast<int>(Fault::input) : 0;
}

}  // namespace

void add_run(CLI::App& app, Program& program, Chosen& chosen) {
    auto* command = app.add_subcommand(
        "run", "run a study (.rondo), simulate a model or evaluate a PEtab problem with sensible defaults");
    auto a = std::make_shared<RunArguments>();
    command->add_option("FILE", a->file, "STUDY.rondo, MODEL.ant, MODEL.xml or PROBLEM.yaml")->required();
    command
        ->add_option("--set", a->settings,
                     "NAME=VALUE: a literal the study binds at top level, or a model's input")
        ->allow_extra_args(false);
    command->add_option("--jobs", a->jobs, "threads; default: all the process may use")
        ->check(CLI::PositiveNumber);
    command->add_option("--device", a->device, "where training runs")
        ->check(CLI::IsMember({"auto", "cpu", "cuda"}));
    command->add_option("--out", a->out, "folder of relative outputs");
    command->add_option("--store", a->store, "file of stored results; default: OUT/.rondo/store.db");
    command->add_flag("--fresh", a->fresh, "compute everything anew");
    command->add_flag("--quiet", program.quiet, "no progress, no remarks");
    command->callback([&program, &chosen, a] {
        chosen = [&program, a] {
            return is_study(a->file)     ? run_study(*a, program)
                   : is_problem(a->file) ? run_problem(*a, program)
                                         : run_model(*a, program);
        };
    });
}

void add_check(CLI::App& app, Program&, Chosen& chosen) {
    auto* command =
        app.add_subcommand("check", "all diagnostics of models or studies; exit status 1 if any is an error");
    auto files = std::make_shared<std::vector<std::string>>();
    auto strict = std::make_shared<bool>(false);
    command->add_option("FILE", *files, "models or studies")->required();
    command->add_flag("--strict-antimony", *strict, strict_help);
    command->callback(
        [&chosen, files, strict] { chosen = [files, strict] { return run_check(*files, *strict); }; });
}

}  // namespace rondo
