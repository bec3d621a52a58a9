// problem.h: a model, data and free parameters as one function to make small, ready to be evaluated.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "runtime/ensemble/ensemble.h"
#include "runtime/estimate/dormand_prince.h"
#include "runtime/estimate/measurements.h"
#include "runtime/estimate/search_space.h"
#include "runtime/simulate/model.h"

namespace rondo {

// How runs are made: by the ensemble, side by side in lanes or, where that cannot be, one by one by CVODE;
// or, without one, by the pausable method of Dormand and Prince, whose right-hand sides count as published
// ones do.
struct SolverOptions {
    std::optional<EnsembleOptions> ensemble = {};
    StepControl control = {};  // this and the next: of Dormand and Prince
    bool restart = false;      // at each time of the data, as the published work does; else dense output
};

// What a condition changes: values of inputs, before initial assignments act.
struct Condition {
    std::string name;
    std::vector<Setting> settings;
};

struct FitOptions {
    double start = 0;     // time at which runs begin
    double floor = 1e-3;  // see relative_scales()
    SolverOptions solver;
    std::vector<std::pair<std::string, std::string>> observables;  // column of the data, formula of the model
};

// Rows of a table `condition, INPUT, ...` for the conditions of the data. Throws Error(input): conditions
// without data and the reverse, columns that name no input.
std::vector<Condition> read_conditions(const Table& table, const Measurements&, const Model&);

// The objective, with deviation |s - y| / d (d: relative_scales), over the K_c observables measured in
// condition c and the first n times at which each was measured:
//   J_j = mean over c, over k, over those of the first j times, of the deviations        (running)
//   S_j = the sum of the same deviations in the weights they have in J_T: never decreases, S_T = J   (bound)
// Source: the work on estimation with early-stopped simulations, equations 3 and 8.
class FitProblem {
  public:
    // Throws Error(input): free parameters or observables that do not exist (did-you-mean), a free parameter
    // that no equation reads or all conditions set, data that are all zero; Error(unsupported) without an
    // ensemble: events, delays, algebraic rules.
    FitProblem(const Model&, Measurements, std::vector<Condition>, SearchSpace, const FitOptions&);

    const Measurements& data() const { return data_; }
    const SearchSpace& space() const { return space_; }
    const Model& model() const { return model_; }
    const std::vector<Condition>& settings() const { return settings_; }  // as given
    const FitOptions& options() const { return options_; }
    const CompiledModel& code() const { return *code_; }  // outputs: the observables
    const std::shared_ptr<const CompiledModel>& shared_code() const { return code_; }
    const Ensemble* ensemble() const { return ensemble_.get(); }  // null: by Dormand and Prince
    // For a manifest: "dop853 or rodas5p, 4 lanes", "Dormand-Prince 5(4)".
    std::string solver() const;
    std::size_t times() const { return data_.times.size(); }
    std::size_t times_of(std::size_t c) const { return times_of_[c]; }  // up to its last value
    std::size_t conditions() const { return data_.conditions.size(); }
    std::size_t observables() const { return data_.observables.size(); }

    // [system().inputs] of condition c at the point z.
    std::vector<double> inputs(std::size_t c, std::span<const double> z) const;
    // Of value (c, j, k): deviation = |s - y| / scale; its share of S_T and of the pair (c, k).
    double scale(std::size_t index) const { return scales_[index]; }
    double weight(std::size_t index) const { return weights_[index]; }
    // The coordinate's input, or nothing where condition c sets it.
    bool is_free(std::size_t c, std::size_t coordinate) const { return free_[c][coordinate]; }
    std::size_t input(std::size_t coordinate) const { return inputs_[coordinate]; }

  private:
    void weigh();
    Model model_;
    Measurements data_;
    std::vector<Condition> settings_;
    SearchSpace space_;
    FitOptions options_;
    std::shared_ptr<const CompiledModel> code_;
    std::shared_ptr<const Ensemble> ensemble_;
    std::vector<std::size_t> inputs_;        // [coordinates]
    std::vector<std::vector<double>> base_;  // [conditions][inputs]
    std::vector<std::vector<bool>> free_;    // [conditions][coordinates]
    std::vector<double> scales_, weights_;   // as data_.values
    std::vector<std::size_t> times_of_;      // [conditions]
};

}  // namespace rondo
