#include "runtime/estimate/travel.h"

#include "runtime/simulate/travel.h"
#include "runtime/table/bytes.h"

namespace rondo {
namespace {

// Many numbers.
std::string bytes_of(const std::vector<double>& numbers) {
    Table table;
    table.set("numbers", numbers);
    return to_bytes(table);
}

std::vector<double> numbers_from(const std::string& bytes) {
    return table_from_bytes(bytes).at("numbers").numbers();
}

void pack_space(Table& row, const SearchSpace& space) {
    std::vector<std::string> names;
    std::vector<double> kinds, lower, upper;
    for (const Coordinate& coordinate : space.coordinates) {
        names.push_back(coordinate.name);
        kinds.push_back(static_cast<double>(coordinate.kind));
        lower.push_back(coordinate.lower);
        upper.push_back(coordinate.upper);
    }
    pack(row, "coordinate", names);
    pack(row, "kind", kinds);
    pack(row, "lower", lower);
    pack(row, "upper", upper);
}

SearchSpace space_from(const Table& row) {
    const auto names = unpacked_texts(row, "coordinate");
    const auto kinds = unpacked_numbers(row, "kind"), lower = unpacked_numbers(row, "lower"),
               upper = unpacked_numbers(row, "upper");
    SearchSpace space;
    for (std::size_t i = 0; i < names.size(); ++i)
        space.coordinates.push_back({static_cast<Coordinate::Kind>(kinds[i]), names[i], lower[i], upper[i]});
    return space;
}

void pack_settings(Table& row, const std::vector<Condition>& conditions) {
    std::vector<std::string> names, inputs;
    std::vector<double> values;
    for (const Condition& condition : conditions) {
        for (const auto& [input, value] : condition.settings) {
            names.push_back(condition.name);
            inputs.push_back(input);
            values.push_back(value);
        }
    }
    pack(row, "setting.condition", names);
    pack(row, "setting.input", inputs);
    pack(row, "setting.value", values);
}

std::vector<Condition> conditions_from(const Table& row) {
    const auto names = unpacked_texts(row, "setting.condition"),
               inputs = unpacked_texts(row, "setting.input");
    const auto values = unpacked_numbers(row, "setting.value");
    std::vector<Condition> conditions;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (conditions.empty() || conditions.back().name != names[i]) conditions.push_back({names[i], {}});
        conditions.back().settings.emplace_back(inputs[i], values[i]);
    }
    return conditions;
}

}  // namespace

std::optional<Table> packed(const FitProblem& problem, const std::string& task) {
    auto row = packed(problem.model());
    if (!row) return std::nullopt;
    pack(*row, "task", task);
    const Measurements& data = problem.data();
    pack(*row, "condition", data.conditions);
    pack(*row, "observable", data.observables);
    pack(*row, "times", bytes_of(data.times));
    pack(*row, "values", bytes_of(data.values));
    pack_space(*row, problem.space());
    pack_settings(*row, problem.settings());
    const FitOptions& options = problem.options();
    const StepControl& control = options.solver.control;
    pack(*row, "options",
         std::vector<double>{options.start, options.floor, double(options.solver.restart), control.rtol,
                             control.atol, control.max_step, double(control.max_attempts)});
    std::vector<double> ensemble;  // none: by Dormand and Prince
    if (const auto& given = options.solver.ensemble)
        ensemble = {double(given->method), given->rtol, given->atol, double(given->max_steps),
                    double(given->lanes)};
    pack(*row, "ensemble", ensemble);
    std::vector<std::string> names, formulas;
    for (const auto& [name, formula] : options.observables) {
        names.push_back(name);
        formulas.push_back(formula);
    }
    pack(*row, "formula.name", names);
    pack(*row, "formula.text", formulas);
    return row;
}

std::shared_ptr<const FitProblem> problem_from(const Table& row) {
    Measurements data;
    data.conditions = unpacked_texts(row, "condition");
    data.observables = unpacked_texts(row, "observable");
    data.times = numbers_from(unpacked_text(row, "times"));
    data.values = numbers_from(unpacked_text(row, "values"));
    const auto numbers = unpacked_numbers(row, "options");
    FitOptions options{.start = numbers[0], .floor = numbers[1]};
    options.solver.restart = numbers[2] != 0;
    options.solver.control.rtol = numbers[3];
    options.solver.control.atol = numbers[4];
    options.solver.control.max_step = numbers[5];
    options.solver.control.max_attempts = static_cast<long>(numbers[6]);
    if (const auto ensemble = unpacked_numbers(row, "ensemble"); !ensemble.empty())
        options.solver.ensemble = {static_cast<EnsembleMethod>(ensemble[0]), ensemble[1], ensemble[2],
                                   static_cast<long>(ensemble[3]), static_cast<int>(ensemble[4])};
    const auto names = unpacked_texts(row, "formula.name"), formulas = unpacked_texts(row, "formula.text");
    for (std::size_t i = 0; i < names.size(); ++i) options.observables.emplace_back(names[i], formulas[i]);
    return std::make_shared<const FitProblem>(unpacked_model(row), std::move(data), conditions_from(row),
                                              space_from(row), options);
}

std::vector<std::vector<double>> points_of(const Table& table) {
    std::vector<std::vector<double>> points;
    for (std::size_t i = 0; i < table.rows(); ++i) points.push_back(unpacked_numbers(table, "z", i));
    return points;
}

}  // namespace rondo
