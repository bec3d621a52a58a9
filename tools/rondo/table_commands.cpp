// table_commands.cpp: `rondo label`, `rondo predict`: points in, columns added.
#include "runtime/api/models.h"
#include "runtime/label/label_points.h"
#include "runtime/stability/predict.h"
#include "runtime/table/csv.h"
#include "runtime/table/file.h"
#include "tools/rondo/commands.h"

namespace rondo {

namespace {

struct LabelArguments {
    std::string model, points, rule = "cycle", out;
    std::vector<std::string> of;
    double horizon = 0, dt = 0;
    int jobs = 0;
    bool verify = false;
};

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
    return text;
}

bool all_failed(const Table& labels) {
    for (const auto& rhythm : labels.at("rhythm").texts()) {
        if (rhythm != to_text(Rhythm::failed)) return false;
    }
    return labels.rows() > 0;
}

int run_label(const LabelArguments& a, Program& program) {
    if (program.helped(a.jobs)) return 0;
    const Model model = load_model(a.model, [&](const std::string& text) { program.warn(text); });
    const Table points = read_csv(a.points);
    const auto columns = match_columns(model.system(), points, a.points);
    if (!columns.passed.empty()) {
        program.warn(a.points +
                     ": columns that name nothing in the model pass through: " + joined(columns.passed));
    }
    const LabelRule rule = label_rule(a.rule, model, a.horizon, a.dt, a.verify);
    const Executor executor(a.jobs, program.stop, program.progress(), program.crew.get());
    const Table labels = label_points(model, points, a.points, a.of, rule, executor);
    const bool any_reason =
        std::ranges::any_of(labels.at("reason").texts(), [](const auto& reason) { return !reason.empty(); });
    deliver(a.out, any_reason ? labels : labels.without("reason"));
    const std::string undecided = describe_undecided(labels);
    if (!undecided.empty()) program.warn(a.points + ": " + undecided);
    return all_failed(labels) ? static_cast<int>(Fault::numerics) : 0;
}

struct PredictArguments {
    std::string surrogate, points, out;
    int jobs = 0;
};

int run_predict(const PredictArguments& a, Program& program) {
    const Surrogate surrogate = from_bytes(read_file(a.surrogate), a.surrogate);
    const Executor executor(a.jobs, program.stop, program.progress());
    const Table predicted = predict_points(surrogate, read_csv(a.points), a.points, executor,
                                           [&](const std::string& text) { program.warn(text); });
    deliver(a.out, predicted);
    return 0;
}

}  // namespace

void add_label(CLI::App& app, Program& program, Chosen& chosen) {
    auto* command = app.add_subcommand("label", "does each point oscillate, and how fast");
    auto a = std::make_shared<LabelArguments>();
    command->add_option("MODEL", a->model, "MODEL.ant or MODEL.xml")->required();
    command->add_option("--points", a->points, "POINTS.csv: columns named like the model's inputs")
        ->required();
    command->add_option("--of", a->of, "quantities to observe, e.g. X,Y")->delimiter(',')->required();
    command
        ->add_option("--rule", a->rule,
                     "cycle: by the limit cycle itself; published: as the published data sets were")
        ->check(CLI::IsMember({"cycle", "published"}));
    command
        ->add_option(
            "--horizon", a->horizon,
            "cycle: model time after which a run is undecided, default from the run; published: time sampled")
        ->check(CLI::PositiveNumber);
    command->add_option("--dt", a->dt, "published: time between samples")->check(CLI::PositiveNumber);
    command->add_flag("--verify", a->verify,
                      "cycle: find each cycle again by shooting; adds verified and its Floquet multiplier");
    command->add_option("--out", a->out, "LABELS.csv; default: standard output");
    command->add_option("--jobs", a->jobs, "threads")->check(CLI::PositiveNumber);
    command->add_flag("--quiet", program.quiet, "no progress, no remarks");
    command->callback([&program, &chosen, a] { chosen = [&program, a] { return run_label(*a, program); }; });
}

void add_predict(CLI::App& app, Program& program, Chosen& chosen) {
    auto* command = app.add_subcommand("predict", "what a saved surrogate says of points");
    auto a = std::make_shared<PredictArguments>();
    command->add_option("SURROGATE", a->surrogate, "a file that a study saved")->required();
    command->add_option("POINTS", a->points, "POINTS.csv with the columns of the surrogate's box")
        ->required();
    command->add_option("--out", a->out, "FILE.csv; default: standard output");
    command->add_option("--jobs", a->jobs, "threads")->check(CLI::PositiveNumber);
    command->add_flag("--quiet", program.quiet, "no progress, no remarks");
    command->callback(
        [&program, &chosen, a] { chosen = [&program, a] { return run_predict(*a, program); }; });
}

}  // namespace rondo
