// objects.h: the native values of a study: model, box, oracle, network to train, surrogate, plot.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "runtime/label/label_points.h"
#include "runtime/report/plot.h"
#include "runtime/sample/box.h"
#include "runtime/simulate/model.h"
#include "runtime/study/verb.h"
#include "runtime/surrogate/surrogate.h"
#include "runtime/surrogate/train.h"

namespace rondo {

// m.k1 is the value of an input; m.species, m.parameters, m.reactions are lists of ids.
class ModelValue : public Object {
  public:
    explicit ModelValue(Model given) : model(std::move(given)) {}
    std::string_view type() const override { return "model"; }
    std::string print() const override;
    std::optional<Value> field(std::string_view) const override;
    std::vector<std::string> fields() const override;
    std::optional<Value> with(const Call&) const override;
    void identify(Identity&) const override;

    const Model model;
};

// b.names; b.a is {lower, upper}.
class BoxValue : public Object {
  public:
    explicit BoxValue(Box given) : box(std::move(given)) {}
    std::string_view type() const override { return "box"; }
    std::string print() const override;
    std::optional<Value> field(std::string_view) const override;
    std::vector<std::string> fields() const override;
    void identify(Identity&) const override;

    const Box box;
};

void identify(const Box&, Identity&);

// A batch function from points to labels over a box. Applied to a table it returns it with label columns.
class Oracle : public Object {
  public:
    Oracle(Box over, std::vector<std::string> labels) : box(std::move(over)), targets(std::move(labels)) {}
    std::string_view type() const override { return "oracle"; }
    std::optional<Value> field(std::string_view) const override;  // box, targets
    std::vector<std::string> fields() const override { return {"box", "targets"}; }
    bool callable() const override { return true; }
    Value call(Call&) const override;

    // `points` must have the box's columns.
    virtual Table label(const Table& points, Environment&) const = 0;
    // What a surrogate of it carries along; empty if there is no model behind it.
    virtual std::string model_text() const { return ""; }

    const Box box;
    const std::vector<std::string> targets;  // label columns a surrogate learns
};

class MlpValue : public Object {
  public:
    explicit MlpValue(Mlp given) : mlp(std::move(given)) {}
    std::string_view type() const override { return "network"; }
    std::string print() const override;
    void identify(Identity&) const override;

    const Mlp mlp;
};

// s.box, s.outputs, s.history, s.identity; s.rows: those of the last epoch of a training with a sampler, with
// the loss of each.
class SurrogateValue : public Object {
  public:
    explicit SurrogateValue(Surrogate given) : surrogate(std::move(given)) {}
    std::string_view type() const override { return "surrogate"; }
    std::string print() const override;
    std::optional<Value> field(std::string_view) const override;
    std::vector<std::string> fields() const override {
        return {"box", "outputs", "history", "identity", "rows"};
    }
    void identify(Identity&) const override;

    const Surrogate surrogate;
};

class PlotValue : public Object {
  public:
    explicit PlotValue(Plot given) : plot(std::move(given)) {}
    std::string_view type() const override { return "plot"; }
    std::string print() const override;
    void identify(Identity&) const override;

    const Plot plot;
};

template <class T>
Value make_object(T object) {
    return Value(std::shared_ptr<const Object>(std::make_shared<const T>(std::move(object))));
}

// The rows of `data` whose `targets` are all numbers; how many are left out is said.
Table labelled_rows(const Call&, const Table& data, const std::vector<std::string>& targets);

// Keeps rows of `verb` in the store, block by block; `what` is all that they depend on but the points.
RowKeeper row_keeper(Environment&, std::string verb, const Identity& what);

// A costly pure result as a table: from the store if it is there, else computed and kept.
Table memoised(Environment&, const Identity&, std::string_view verb, const std::function<Table()>& compute);

void add_formula_verbs(Verbs&);     // gradient, d (formula.cpp)
void add_analytic_verbs(Verbs&);    // oracle
void add_equation_verbs(Verbs&);    // equation, condition, losses, spectral
void add_model_verbs(Verbs&);       // simulate
void add_balance_verbs(Verbs&);     // flux_balance
void add_steady_verbs(Verbs&);      // steady_state
void add_estimate_verbs(Verbs&);    // fit, genetic, powell, adaptive, lossless, ...
void add_likelihood_verbs(Verbs&);  // likelihood
void add_sample_verbs(Verbs&);      // box, lhs, uniform, sobol, grid
void add_choose_verbs(Verbs&);      // gradient_degree, top, strata, crossover, redraw, ...
void add_oracle_verbs(Verbs&);      // frequency, period_sensitivity
void add_surrogate_verbs(Verbs&);   // mlp, train, predict, score
void add_report_verbs(Verbs&);      // plot, scatter, heatmap, histogram, report
void add_file_verbs(Verbs&);        // load, save, exists

// Every verb there is.
Verbs all_verbs();

}  // namespace rondo
