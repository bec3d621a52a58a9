// measurements.cpp: the condition and measurement tables: which runs there are, and what was measured.
#include <algorithm>
#include <cmath>

#include "runtime/petab/reader.h"
#include "runtime/petab/words.h"
#include "runtime/table/csv.h"

namespace rondo {
namespace {

std::vector<std::string> names_of(const auto& index) {
    std::vector<std::string> names;
    for (const auto& [name, place] : index) names.push_back(name);
    return names;
}

}  // namespace

void PetabReader::read_conditions(const Sheet& sheet) {
    if (!sheet.require({"conditionId"}, diagnostics_)) return;
    std::vector<std::pair<std::string, std::size_t>> columns;  // and inputs
    for (const Cell& column : sheet.header()) {
        if (column.text == "conditionId" || column.text == "conditionName") continue;
        const bool of_model = std::ranges::count(entities_, column.text) > 0;
        const auto input = of_model ? system_->input(column.text) : std::nullopt;
        if (input) {
            columns.emplace_back(column.text, *input);
        } else if (of_model) {
            diagnostics_.error(column.span,
                               "'" + column.text + "' cannot be set: a rule of the model computes it",
                               "set what the rule reads");
        } else {
            diagnostics_.error(column.span, "the model has no '" + column.text + "'",
                               did_you_mean(column.text, entities_,
                                            "columns name parameters, species or compartments of the model"));
        }
    }
    for (std::size_t row = 0; row < sheet.rows(); ++row) {
        const Cell& id = sheet.at(row, "conditionId");
        if (!condition_index_.emplace(id.text, problem_.circumstances.size()).second)
            diagnostics_.error(id.span, "condition '" + id.text + "' is there twice");
        Circumstances circumstances{id.text, {}};
        for (const auto& [column, input] : columns) {
            const Cell& cell = sheet.at(row, column);
            const auto number = parse_number(cell.text);
            if (cell.empty() || (number && std::isnan(*number))) continue;  // as it was
            const auto value = value_of(cell.text, cell.span, input, "the value");
            if (value) circumstances.overrides.push_back(*value);
        }
        problem_.circumstances.push_back(std::move(circumstances));
    }
}

std::optional<std::size_t> PetabReader::condition(const Cell& cell, const char* column) {
    const auto found = condition_index_.find(cell.text);
    if (found != condition_index_.end()) return found->second;
    diagnostics_.error(
        cell.span, std::string(column) + ": there is no condition '" + cell.text + "' in the condition table",
        did_you_mean(cell.text, names_of(condition_index_)));
    return std::nullopt;
}

std::vector<Override> PetabReader::overrides(const Cell& cell, const std::vector<std::string>& placeholders,
                                             const char* what, const std::string& observable) {
    std::vector<Override> result;
    const auto parts = cell.empty() ? std::vector<std::string>() : split(cell.text, ';');
    if (parts.size() != placeholders.size()) {
        diagnostics_.error(cell.span, std::string(what) + " gives " + std::to_string(parts.size()) +
                                          (parts.size() == 1 ? " value" : " values") + "; the formula of '" +
                                          observable + "' takes " + std::to_string(placeholders.size()));
        return result;
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (placeholders[i].empty()) continue;  // numbers may have gaps
        const auto input = system_->input(placeholders[i]);
        const auto value = input ? value_of(parts[i], cell.span, *input, what) : std::nullopt;
        if (value) result.push_back(*value);
    }
    return result;
}

void PetabReader::read_measurements(const Sheet& sheet) {
    if (!sheet.require({"observableId", "simulationConditionId", "measurement", "time"}, diagnostics_))
        return;
    for (std::size_t row = 0; row < sheet.rows(); ++row) {
        const Cell& id = sheet.at(row, "observableId");
        const auto found = observable_index_.find(id.text);
        if (found == observable_index_.end()) {
            diagnostics_.error(id.span, "there is no observable '" + id.text + "' in the observable table",
                               did_you_mean(id.text, names_of(observable_index_)));
            continue;
        }
        const ObservableRow& observable = observables_[found->second];
        const Cell &time = sheet.at(row, "time"), &measured = sheet.at(row, "measurement");
        Datum datum{found->second,
                    number_of(time, "the time", diagnostics_),
                    number_of(measured, "the measurement", diagnostics_),
                    {}};
        if (parse_number(time.text) && !(datum.time >= 0))
            diagnostics_.error(time.span, "time is " + time.text + "; it must be 0 or later, or inf");
        if (parse_number(measured.text) && !std::isfinite(datum.value))
            diagnostics_.error(measured.span, "the measurement is " + measured.text,
                               "leave rows out of what was not measured");
        else if (observable.noise.scaling != Scaling::linear && datum.value <= 0)
            diagnostics_.error(measured.span, "the measurement is " + measured.text +
                                                  ", which has no logarithm; the errors of '" +
                                                  observable.id + "' are those of logarithms");
        datum.overrides = overrides(sheet.at(row, "observableParameters"), observable.formula_placeholders,
                                    "observableParameters", observable.id);
        std::ranges::move(overrides(sheet.at(row, "noiseParameters"), observable.noise_placeholders,
                                    "noiseParameters", observable.id),
                          std::back_inserter(datum.overrides));
        const auto circumstances = condition(sheet.at(row, "simulationConditionId"), "simulationConditionId");
        const Cell& before_cell = sheet.at(row, "preequilibrationConditionId");
        const auto before =
            before_cell.empty() ? std::nullopt : condition(before_cell, "preequilibrationConditionId");
        if (!circumstances || (!before && !before_cell.empty())) continue;
        const auto [place, is_new] =
            experiment_index_.emplace(std::pair(before, *circumstances), problem_.experiments.size());
        if (is_new) problem_.experiments.push_back({before, *circumstances, {}});
        problem_.experiments[place->second].data.push_back(problem_.data.size());
        problem_.data.push_back(std::move(datum));
    }
    if (sheet.rows() == 0) diagnostics_.error(sheet.span(), "there are no measurements");
}

}  // namespace rondo
