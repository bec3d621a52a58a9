// label_points.h: a table of points in, the same table with labels out.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "runtime/label/label.h"
#include "runtime/label/published.h"
#include "runtime/parallel/executor.h"
#include "runtime/simulate/points.h"

namespace rondo {

// Where labels of a block of points may already be, and where they go when they are made: long work is stored
// block by block, so that what was killed goes on where it stopped. All may be empty.
struct LabelKeeper {
    std::size_t block = 1000;                                            // rows
    std::function<std::optional<Table>(const Table& points)> find;       // labels of exactly these points
    std::function<void(const Table& points, const Table& labels)> keep;  // called by one thread at a time
    std::function<void(const std::string& method)> made_by;              // told how runs are made, if any is
};

using LabelRule = std::variant<CycleOptions, PublishedOptions>;

// The rule of that name, cycle or published. horizon and dt: 0 leaves them to the rule; the published one has
// its own for the four published systems, by the model's id, and needs both for others. Throws Error(input)
// for dt with the cycle rule, verify with the published one, and for any other name.
LabelRule label_rule(const std::string& name, const Model& model, double horizon, double dt, bool verify);

// freq_X for each X of `of`: the columns that label_points adds before `rhythm`.
std::vector<std::string> frequency_columns(const std::vector<std::string>& of);

// The columns of `points`, then freq_X for each of `of`, then rhythm (see label.h). By the cycle rule, all
// observed quantities share the cycle's frequency; if it verifies, `verified` and `multiplier` follow (see
// Label). Last comes `reason`: why a row is undecided or failed, else empty. Columns as match_columns() says;
// an input column freq_X comes out as given_freq_X. Independent of executor.jobs().
Table label_points(const Model&, const Table& points, const std::string& source,
                   const std::vector<std::string>& of, const LabelRule&, const Executor&,
                   const LabelKeeper& = {});

// "2 failed (the first: ...), 1 undecided (the first: ...) of 1000 points", or "" if all were decided.
std::string describe_undecided(const Table& labels);

}  // namespace rondo
