// label_points.h: a table of points in, the same table with labels out.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "runtime/label/label.h"
#include "runtime/label/published.h"
#include "runtime/parallel/executor.h"
#include "runtime/simulate/points.h"
#include "runtime/simulate/row_map.h"

namespace rondo {

using LabelRule = std::variant<CycleOptions, PublishedOptions>;

// The rule of that name, cycle or published. horizon and dt: 0 leaves them to the rule; the published one has
// its own for the four published systems, by the model's id, and needs both for others. Throws Error(input)
// for dt with the cycle rule, verify with the published one, and for any other name.
LabelRule label_rule(const std::string& name, const Model& model, double horizon, double dt, bool verify);

// freq_X for each X of `of`: the columns that label_points adds before `rhythm`.
std::vector<std::string> frequency_columns(const std::vector<std::string>& of);

// Labels tables of points of one model; compiles it once.
class PointLabeller {
  public:
    // varying: the inputs that points set. Throws Error(input): nothing to observe, or what the model does
    // not have.
    PointLabeller(Model model, std::vector<std::string> varying, std::vector<std::string> of, LabelRule rule);

    // The columns of `points`, then freq_X for each of `of`, then rhythm (see label.h). By the cycle rule, all
    // observed quantities share the cycle's frequency; if it verifies, `verified` and `multiplier` follow (see
    // Label). Last comes `reason`: why a row is undecided or failed, else empty. Columns as match_columns()
    // says; an input column freq_X comes out as given_freq_X. Independent of executor.jobs().
    Table label(const Table& points, const std::string& source, const Executor& executor,
                const RowKeeper& keeper = {}) const;

    // As a helper does it: points that name inputs alone, labels as keepers have them.
    Table label_part(const Table& points, const Executor& executor) const;
    // What a helper must know, empty if the model cannot travel; and the same labeller from it.
    std::string setup() const;
    static PointLabeller from_setup(const Table& setup);

  private:
    std::vector<Label> labels_of(const Table& points, const std::string& source, const Executor& executor,
                                 const RowKeeper& keeper, bool shared) const;
    Model model_;
    std::vector<std::string> varying_, of_;
    LabelRule rule_;
    std::unique_ptr<Labeller> labeller_;
};

// For one table.
Table label_points(const Model&, const Table& points, const std::string& source,
                   const std::vector<std::string>& of, const LabelRule&, const Executor&,
                   const RowKeeper& = {});

// "2 failed (the first: ...), 1 undecided (the first: ...) of 1000 points", or "" if all were decided.
std::string describe_undecided(const Table& labels);

}  // namespace rondo
