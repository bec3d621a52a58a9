// model_commands.cpp: `rondo info`, `rondo convert`, `rondo simulate`.
#include <cmath>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "dsl/model/print.h"
#include "dsl/syntax/parse.h"
#include "runtime/api/models.h"
#include "runtime/simulate/simulate.h"
#include "runtime/steady/steady.h"
#include "runtime/stochastic/stochastic.h"
#include "runtime/table/csv.h"
#include "runtime/table/file.h"
#include "tools/rondo/commands.h"

namespace rondo {

namespace {

using Json = nlohmann::ordered_json;

template <class Parts, class Id>
Json ids(const Parts& parts, Id id) {
    Json list = Json::array();
    for (const auto& part : parts) list.push_back(part.*id);
    return list;
}

// "12 isVersionOf": how often each property is said of something.
Json remarks(const Network& network) {
    std::map<std::string, int> counts;
    for (const Remark& remark : network.remarks) ++counts[remark.property];
    Json list = Json::array();
    for (const auto& [property, count] : counts) list.push_back(std::to_string(count) + " " + property);
    return list;
}

Json contents(const Network& network) {
    Json document;
    document["id"] = network.id;
    if (!network.name.empty()) document["name"] = network.name;
    document["compartments"] = ids(network.compartments, &Compartment::id);
    document["species"] = ids(network.species, &Species::id);
    document["reactions"] = ids(network.reactions, &Reaction::id);
    document["parameters"] = ids(network.parameters, &GlobalParameter::id);
    document["rules"] = ids(network.rules, &Rule::variable);
    document["initial_assignments"] = ids(network.initial_assignments, &InitialAssignment::symbol);
    document["functions"] = ids(network.functions, &FunctionDefinition::id);
    document["events"] = ids(network.events, &Event::id);
    document["constraints"] = ids(network.constraints, &Constraint::id);
    document["objectives"] = ids(network.objectives, &FluxObjective::id);
    document["flux_bounds"] = ids(network.flux_bounds, &FluxBound::reaction);
    document["units"] = ids(network.units, &UnitDefinition::id);
    document["remarks"] = remarks(network);
    return document;
}

Json conserved(const Model& model) {
    const auto totals = conserved_sums(model);
    return totals ? Json(*totals) : Json();
}

std::string plain(const Json& document) {
    std::ostringstream text;
    for (const auto& [name, value] : document.items()) {
        text << name << ": ";
        if (value.is_string()) {
            text << value.get<std::string>() << '\n';
            continue;
        }
        if (value.is_null()) {
            text << "not known\n";
            continue;
        }
        std::string named;  // an algebraic rule has no name, an event need not have one
        for (const auto& item : value)
            if (const auto id = item.get<std::string>(); !id.empty())
                named += (named.empty() ? "" : ", ") + id;
        text << value.size() << (named.empty() ? "" : " (" + named + ")") << '\n';
    }
    return text.str();
}

// What is in a model and what of it Rondo does not do; what is wrong with it is an error.
int run_info(const std::string& file, bool json) {
    Sources sources;
    Diagnostics diagnostics(sources);
    Network network = load_network(file, diagnostics);
    Json document = contents(network);
    Json unsupported = Json::array();
    for (const auto& finding : diagnostics.list()) {
        if (finding.severity == Severity::error) diagnostics.throw_if_errors();
        if (finding.severity == Severity::unsupported) {
            unsupported.push_back(sources.where(finding.span) + ": " + finding.message);
        }
    }
    if (unsupported.empty()) {
        try {
            document["conserved"] = conserved(Model(std::move(network)));
        } catch (const Error& error) {
            if (error.fault() != Fault::unsupported) throw;
            unsupported.push_back(error.what());
        }
    }
    document["unsupported"] = std::move(unsupported);
    std::cout << (json ? document.dump(2) + "\n" : plain(document));
    return 0;
}

int run_convert(const std::string& from, const std::string& to, bool strict, Program& program) {
    Sources sources;
    Diagnostics diagnostics(sources);
    if (strict) diagnostics.refuse_extensions();
    const Network network = load_network(from, diagnostics);
    diagnostics.throw_if_errors();
    if (!diagnostics.list().empty()) program.warn(diagnostics.render());
    write_file(to, to_language_of(to, network));
    if (to.ends_with(".ant") || to.ends_with(".txt")) {
        for (const std::string& part : lost_in_antimony(network))
            program.warn("warning: Antimony cannot say, so it is lost: " + part + "\n");
    }
    return 0;
}

struct SimulateArguments {
    std::string model, out, over, select, method = "automatic", dump;
    double end = std::nan(""), start = 0, rtol = 0, atol = std::nan("");
    std::string summary;
    long points = 0, steps = 0, runs = 0;
    std::uint64_t seed = 1;
    int jobs = 0;
    bool strict = false;
    std::vector<std::string> settings;
};

// "time,S1,[S2]": the names between commas.
std::vector<std::string> split_names(const std::string& text) {
    std::vector<std::string> names;
    std::istringstream stream(text);
    for (std::string name; std::getline(stream, name, ',');) {
        name.erase(0, name.find_first_not_of(' '));
        name.erase(name.find_last_not_of(' ') + 1);
        if (!name.empty()) names.push_back(name);
    }
    return names;
}

SimulateOptions simulate_options(const SimulateArguments& a) {
    if (std::isnan(a.end)) throw Error(Fault::usage, "simulate needs --end T, the time to stop at");
    SimulateOptions options;
    options.start = a.start;
    options.end = a.end;
    if (a.points) options.points = static_cast<std::size_t>(a.points);
    if (a.steps) options.points = static_cast<std::size_t>(a.steps) + 1;
    options.select = split_names(a.select);
    if (a.rtol > 0) options.integrate.rtol = a.rtol;
    options.integrate.atol = a.atol;
    if (const auto method = ensemble_method(a.method)) options.method = *method;
    return options;
}

// `--dump STAGE`: what one stage of the way from text to code made.
std::string dump_stage(const std::string& stage, const std::string& file) {
    if (stage == "ast") {
        Sources sources;
        Diagnostics diagnostics(sources);
        const auto tree = parse_models(sources.add(file, read_file_unpacked(file)), diagnostics);
        diagnostics.throw_if_errors();
        return dump(tree);
    }
    const Model model = load_model(file);
    if (stage == "network") return dump(model.network());
    if (stage == "graph") return dump(model.system());
    return emit_text(model.system());
}

// Failed runs are rows with NaN: named (the first few), counted, and the exit status only if every run
// failed.
int report_runs(const std::vector<Outcome>& outcomes, const SimulateArguments& a, Program& program) {
    const std::string& source = a.over.empty() ? a.model : a.over;
    std::size_t failed = 0;
    for (std::size_t row = 0; row < outcomes.size(); ++row) {
        if (outcomes[row].kind != Outcome::Kind::failed || ++failed > 5) continue;
        program.warn(source + ": run " + std::to_string(row + 1) + " " + describe(outcomes[row], a.end));
    }
    if (failed) {
        program.warn(source + ": " + std::to_string(failed) + " of " + std::to_string(outcomes.size()) +
                     " runs failed; " +
                     (a.summary.empty() ? "their rows hold NaN from there on" : "they are left out"));
    }
    return failed && failed == outcomes.size() ? static_cast<int>(Fault::numerics) : 0;
}

// None: the method integrates.
std::optional<StochasticOptions> stochastic_options(const SimulateArguments& a) {
    if (const auto method = ensemble_method(a.method)) {
        if (runs_in_lanes(*method) && a.over.empty())
            throw Error(Fault::usage,
                        "--method " + a.method + " makes many runs side by side; it needs --over");
        if (a.runs || !a.summary.empty())
            throw Error(Fault::usage, "--runs and --summary need --method ssa, direct or next_reaction");
        return std::nullopt;
    }
    if (a.runs && !a.over.empty())
        throw Error(Fault::usage, "give --runs or --over (one run a row), not both");
    if (!a.summary.empty() && a.runs < 2)
        throw Error(Fault::usage, "--summary moments needs --runs N, N >= 2");
    StochasticOptions options;
    if (a.method == "next_reaction") options.method = JumpMethod::next_reaction;
    options.seed = a.seed;
    options.runs = static_cast<std::size_t>(std::max(1L, a.runs));
    return options;
}

int run_stochastic(const Model& model, const SimulateArguments& a, const StochasticOptions& stochastic,
                   Program& program) {
    const SimulateOptions options = simulate_options(a);
    const Executor executor(a.jobs, program.stop, program.progress());
    const Runs runs = !a.over.empty()     ? simulate_stochastic_over(model, read_csv(a.over), a.over, options,
                                                                     stochastic, executor)
                      : a.summary.empty() ? simulate_stochastic(model, options, stochastic, executor)
                                          : stochastic_moments(model, options, stochastic, executor);
    const bool failed = runs.outcomes[0].kind == Outcome::Kind::failed;
    if (runs.outcomes.size() == 1 && failed)
        throw Error(Fault::numerics, a.model + ": " + describe(runs.outcomes[0], a.end));
    deliver(a.out, runs.table);
    return report_runs(runs.outcomes, a, program);
}

int run_simulate(const SimulateArguments& a, Program& program) {
    if (!a.dump.empty()) {
        deliver(a.out, dump_stage(a.dump, a.model));
        return 0;
    }
    if (program.helped(a.jobs)) return 0;
    const SimulateOptions options = simulate_options(a);
    const auto warn = [&](const std::string& text) { program.warn(text); };
    const Model model = load_model(a.model, warn, a.strict).with(number_settings(a.settings));
    if (const auto stochastic = stochastic_options(a)) return run_stochastic(model, a, *stochastic, program);
    if (!a.over.empty()) {
        const Executor executor(a.jobs, program.stop, program.progress(), program.crew.get());
        Delivery delivery(a.out);
        std::vector<Outcome> outcomes;
        simulate_in_blocks(model, read_csv(a.over), a.over, options, executor, [&](Runs runs) {
            delivery.add(runs.table);
            outcomes.insert(outcomes.end(), runs.outcomes.begin(), runs.outcomes.end());
        });
        delivery.finish();
        return report_runs(outcomes, a, program);
    }
    const Run run = simulate(model, options);
    if (run.outcome.kind == Outcome::Kind::failed) {
        throw Error(Fault::numerics, a.model + ": " + describe(run.outcome, options.end));
    }
    deliver(a.out, run.table);
    return 0;
}

}  // namespace

void add_info(CLI::App& app, Program&, Chosen& chosen) {
    auto* command = app.add_subcommand("info", "what is in a model, and what of it is unsupported");
    auto file = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    command->add_option("MODEL", *file, "MODEL.ant or MODEL.xml")->required();
    command->add_flag("--json", *json, "as JSON");
    command->callback([&chosen, file, json] { chosen = [file, json] { return run_info(*file, *json); }; });
}

void add_convert(CLI::App& app, Program& program, Chosen& chosen) {
    auto* command = app.add_subcommand("convert", "Antimony to SBML or back, by the extension of OUT");
    auto names = std::make_shared<std::pair<std::string, std::string>>();
    command->add_option("IN", names->first, "the model to read")->required();
    command->add_option("OUT", names->second, "the file to write: .ant, .txt, .xml or .sbml")->required();
    auto strict = std::make_shared<bool>(false);
    command->add_flag("--strict-antimony", *strict, strict_help);
    command->callback([&program, &chosen, names, strict] {
        chosen = [&program, names, strict] {
            return run_convert(names->first, names->second, *strict, program);
        };
    });
}

void add_simulate(CLI::App& app, Program& program, Chosen& chosen) {
    auto* command = app.add_subcommand("simulate", "one run, or one a row of --over, as CSV");
    auto a = std::make_shared<SimulateArguments>();
    command->add_option("MODEL", a->model, "MODEL.ant or MODEL.xml")->required();
    command->add_option("--end", a->end, "time to stop at");
    command->add_option("--start", a->start, "time to start at");
    auto* points = command->add_option("--points", a->points, "rows, both ends included");
    points->check(CLI::Range(2L, 100'000'000L));
    auto* steps = command->add_option("--steps", a->steps, "intervals: rows - 1");
    steps->check(CLI::Range(1L, 100'000'000L))->excludes(points);
    command->add_option("--rtol", a->rtol, "relative tolerance")->check(CLI::PositiveNumber);
    command->add_option("--atol", a->atol, "absolute tolerance; default: by each state's magnitude")
        ->check(CLI::NonNegativeNumber);
    command
        ->add_option(
            "--method", a->method,
            "bdf, adams: integration by CVODE; dop853, tsit5, rodas5p: many runs (--over) side by side; "
            "automatic chooses; ssa: exact stochastic simulation, by the direct or next_reaction method")
        ->check(CLI::IsMember(
            {"automatic", "bdf", "adams", "dop853", "tsit5", "rodas5p", "ssa", "direct", "next_reaction"}));
    command->add_option("--seed", a->seed, "of a stochastic method");
    command->add_option("--runs", a->runs, "stochastic runs")->check(CLI::Range(1L, 1'000'000'000L));
    command->add_option("--summary", a->summary, "moments: mean and standard deviation of the runs instead")
        ->check(CLI::IsMember({"moments"}));
    command->add_option("--set", a->settings, "NAME=VALUE: a parameter, compartment or initial value")
        ->allow_extra_args(false);
    command->add_option(
        "--select", a->select,
        "quantities, e.g. \"time,S1,[S2],J0\": S as in the mathematics, [S] concentration, amount(S)");
    command->add_option("--over", a->over, "POINTS.csv: one run a row");
    command->add_option("--out", a->out, "FILE.csv; default: standard output");
    command->add_option("--jobs", a->jobs, "threads")->check(CLI::PositiveNumber);
    command->add_option("--dump", a->dump, "print what a stage made of the model instead")
        ->check(CLI::IsMember({"ast", "network", "graph", "ir"}));
    command->add_flag("--strict-antimony", a->strict, strict_help);
    command->add_flag("--quiet", program.quiet, "no progress, no remarks");
    command->callback(
        [&program, &chosen, a] { chosen = [&program, a] { return run_simulate(*a, program); }; });
}

}  // namespace rondo
