// sbml_test.cpp: `rondo sbml-test`, the wrapper that the SBML Test Suite's runner calls for a case.
#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

#include "dsl/syntax/error.h"
#include "runtime/api/models.h"
#include "runtime/balance/balance.h"
#include "runtime/simulate/simulate.h"
#include "runtime/table/csv.h"
#include "runtime/table/file.h"
#include "tools/rondo/commands.h"

namespace rondo {

namespace {

namespace fs = std::filesystem;

struct SbmlTestArguments {
    std::string cases, id, out;
    int level = 0, version = 0;  // 0: the highest that is there
};

std::string trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

// CASE-settings.txt: lines of `key: value`.
class Settings {
  public:
    explicit Settings(const fs::path& file) : file_(file.string()) {
        std::istringstream lines(read_file(file));
        for (std::string line; std::getline(lines, line);) {
            const std::size_t colon = line.find(':');
            if (colon == std::string::npos) continue;
            values_[trim(std::string_view(line).substr(0, colon))] =
                trim(std::string_view(line).substr(colon + 1));
        }
    }

    std::string text(const std::string& key) const {
        const auto found = values_.find(key);
        return found == values_.end() ? std::string{} : found->second;
    }

    double number(const std::string& key) const {
        if (const auto number = parse_number(text(key))) return *number;
        throw Error(Fault::input, file_ + ": '" + key + "' is '" + text(key) + "'; it must be a number");
    }

    std::vector<std::string> list(const std::string& key) const {
        std::vector<std::string> items;
        std::istringstream words(text(key));
        for (std::string item; std::getline(words, item, ',');)
            if (item = trim(item); !item.empty()) items.push_back(item);
        return items;
    }

  private:
    std::string file_;
    std::map<std::string, std::string> values_;
};

fs::path model_file(const SbmlTestArguments& a, const fs::path& folder) {
    std::vector<std::pair<int, int>> versions = {{3, 2}, {3, 1}, {2, 5}, {2, 4}, {2, 3},
                                                 {2, 2}, {2, 1}, {1, 2}, {1, 1}};
    if (a.level != 0) versions = {{a.level, a.version}};
    for (const auto& [level, version] : versions) {
        const fs::path file =
            folder / (a.id + "-sbml-l" + std::to_string(level) + "v" + std::to_string(version) + ".xml");
        if (fs::exists(file)) return file;
    }
    throw Error(Fault::input, "no SBML file of case " + a.id + " in '" + folder.string() + "'");
}

// What the settings ask of a variable: a species as amount or concentration, whatever its symbol means in the
// model; anything else as its symbol reads.
std::string quantity(const std::string& variable, const Settings& settings, const Network& network) {
    if (find_species(network, variable) == nullptr) return variable;
    if (std::ranges::count(settings.list("amount"), variable)) return "amount(" + variable + ")";
    if (std::ranges::count(settings.list("concentration"), variable)) return "[" + variable + "]";
    return variable;
}

// The columns in the order asked for, under the names asked for.
Table time_course(const Model& model, const Settings& settings) {
    const std::vector<std::string> variables = settings.list("variables");
    SimulateOptions options;
    options.start = settings.number("start");
    options.end = options.start + settings.number("duration");
    options.points = static_cast<std::size_t>(settings.number("steps")) + 1;
    for (const auto& variable : variables)
        options.select.push_back(quantity(variable, settings, model.network()));
    const Run run = simulate(model, options);
    if (run.outcome.kind == Outcome::Kind::failed)
        throw Error(Fault::numerics, describe(run.outcome, options.end));
    Table table;
    table.set(*run.table.find("time"));
    for (std::size_t i = 0; i < variables.size(); ++i)
        table.set({variables[i], run.table.at(options.select[i]).values});
    return table;
}

// A case without a time course: one row, of rates and the objective's value.
Table flux_row(const Model& model, const Settings& settings) {
    const Balance best = balance(model);
    const auto& reactions = model.network().reactions;
    Table table;
    for (const auto& variable : settings.list("variables")) {
        const auto found = std::ranges::find(reactions, variable, &Reaction::id);
        if (found == reactions.end() && variable != best.objective)
            throw Error(Fault::input, "'" + variable + "' is no reaction and no objective");
        const double value = found == reactions.end() ? best.value : best.rates[found - reactions.begin()];
        table.set(variable, std::vector<double>{value});
    }
    return table;
}

// Refusals end with the first feature's name on a line of its own: the runner shows the last line.
Model case_model(const fs::path& file) {
    Sources sources;
    Diagnostics diagnostics(sources);
    Network network = load_network(file, diagnostics);
    try {
        diagnostics.throw_if_errors();
    } catch (const Error& error) {
        const auto reason = std::ranges::find_if(
            diagnostics.list(), [](const Diagnostic& item) { return item.severity != Severity::warning; });
        throw Error(error.fault(), error.what() + reason->message);
    }
    return Model(std::move(network));
}

int run_sbml_test(const SbmlTestArguments& a) {
    const fs::path folder = fs::path(a.cases) / a.id;
    const Settings settings(folder / (a.id + "-settings.txt"));
    const Model model = case_model(model_file(a, folder));
    const bool has_course = !settings.text("steps").empty();
    const Table table = has_course ? time_course(model, settings) : flux_row(model, settings);
    const fs::path out = a.out;
    write_file(out.extension() == ".csv" ? out : out / (a.id + ".csv"), to_csv(table));
    return 0;
}

}  // namespace

void add_sbml_test(CLI::App& app, Program&, Chosen& chosen) {
    auto* command = app.add_subcommand("sbml-test", "a case of the SBML Test Suite, as its runner asks for");
    auto a = std::make_shared<SbmlTestArguments>();
    command->add_option("CASES_DIR", a->cases, "the folder of cases")->required();
    command->add_option("CASE_ID", a->id, "five digits")->required();
    command->add_option("OUT", a->out, "the folder for CASE_ID.csv, or a file ending in .csv")->required();
    auto* level = command->add_option("LEVEL", a->level, "of SBML; default: the highest that is there");
    command->add_option("VERSION", a->version, "of that level")->needs(level);
    command->callback([&chosen, a] { chosen = [a] { return run_sbml_test(*a); }; });
}

}  // namespace rondo
