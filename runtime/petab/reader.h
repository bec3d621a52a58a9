// reader.h: the tables of a PEtab problem becoming a LikelihoodProblem, one after another. Private to
// runtime/petab; read_petab() in petab.h is the way in.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "runtime/petab/files.h"
#include "runtime/petab/petab.h"
#include "runtime/petab/sheet.h"

namespace rondo {

// A row of the parameter table.
struct ParameterRow {
    std::string id;
    Span span;
    bool estimate = false;
    FreeParameter parameter;  // its input is known once the system is
};

// A row of the observable table, and the placeholders of its formulas: [n] is number n + 1.
struct ObservableRow {
    std::string id;
    Span formula_span, noise_span;
    MathPtr formula, sigma;
    Noise noise;
    std::vector<std::string> formula_placeholders, noise_placeholders;
};

// Reads what each row says, before there is a system.
std::vector<ParameterRow> read_parameters(const Sheet&, Diagnostics&);
std::vector<ObservableRow> read_observables(const Sheet&, const Network&, Diagnostics&);

// The system that all tables are about, and what their cells name in it.
class PetabReader {
  public:
    PetabReader(Network, std::vector<ParameterRow>, std::vector<ObservableRow>, Diagnostics&);
    void read_conditions(const Sheet&);
    void read_measurements(const Sheet&);
    LikelihoodProblem finish();

  private:
    void extend(Network&) const;
    void add_parameters();
    void add_observables();
    NodeId formula(const MathPtr&, Span, const std::string& of);
    // Of a cell that holds a number or names an input. Nothing, and said, if it does neither.
    std::optional<Override> value_of(const std::string& text, Span, std::size_t input, const char* what);
    std::vector<Override> overrides(const Cell&, const std::vector<std::string>& placeholders,
                                    const char* what, const std::string& observable);
    std::optional<std::size_t> condition(const Cell&, const char* column);
    std::string near_input(const std::string& name) const;

    Diagnostics& diagnostics_;
    std::vector<ParameterRow> parameters_;
    std::vector<ObservableRow> observables_;
    std::vector<std::string> entities_;  // of the model itself
    Network network_;
    std::shared_ptr<OdeSystem> system_;
    LikelihoodProblem problem_;
    std::map<std::string, std::size_t, std::less<>> condition_index_, observable_index_;
    std::map<std::pair<std::optional<std::size_t>, std::size_t>, std::size_t> experiment_index_;
};

}  // namespace rondo
