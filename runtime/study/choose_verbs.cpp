// choose_verbs.cpp: which points come next: by gradient, score, stratum, weight; and points made from points.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "runtime/sample/choose.h"
#include "runtime/sample/imbalance.h"
#include "runtime/sample/neighbours.h"
#include "runtime/sample/offspring.h"
#include "runtime/sample/strata.h"
#include "runtime/study/objects.h"
#include "runtime/study/operators.h"

namespace rondo {

namespace {

constexpr long most_rows = 100'000'000;

Value to_mask(const std::vector<bool>& chosen) {
    List mask;
    for (const bool each : chosen) mask.emplace_back(each);
    return mask;
}

const Box& box_of(const Call& call) {
    return call.object<BoxValue>("box", "box").box;
}

// As many numbers as the table has rows.
Numbers one_a_row(const Call& call, std::string_view name, const Table& table) {
    Numbers numbers = call.numbers(name);
    if (numbers.size() != table.rows())
        call.fail_at(name, std::string(name) + " has " + std::to_string(numbers.size()) +
                               " numbers; the table has " + std::to_string(table.rows()) + " rows");
    return numbers;
}

// Whether weights or losses say anything; if they do not, that is said, and what follows from it.
bool are_sound(const Call& call, const Numbers& numbers, const std::string& what, const std::string& result) {
    const bool sound = std::ranges::all_of(numbers, [](double w) { return w >= 0 && std::isfinite(w); });
    if (sound && std::ranges::any_of(numbers, [](double w) { return w > 0; })) return true;
    call.environment.warn_once(
        call.environment.sources.where(call.origin) + ": warning: " + call.verb + ": " +
        (sound ? "all " + what + "s are 0" : "a " + what + " is negative, infinite or no number") + "; " +
        result + "\n");
    return false;
}

// Weights to draw by. Where they say nothing, every row is alike.
Numbers drawing_weights(const Call& call, const Table& table) {
    Numbers weights = one_a_row(call, "weights", table);
    if (!are_sound(call, weights, "weight", "every row counts alike")) weights.assign(weights.size(), 0);
    return weights;
}

// above_mean(scores): a mask of those strictly above the mean; of none where scores say nothing.
Value run_above_mean(Call& call) {
    const Numbers scores = call.numbers("scores");
    const bool sound = are_sound(call, scores, "score", "none stands out");
    const double mean =
        std::accumulate(scores.begin(), scores.end(), 0.0) / static_cast<double>(scores.size());
    std::vector<bool> above;
    for (const double score : scores) above.push_back(sound && score > mean);
    return to_mask(above);
}

// labelled(oracle, data): the rows whose labels are all numbers.
Value run_labelled(Call& call) {
    const auto& oracle = call.object<Oracle>("oracle", "oracle");
    return labelled_rows(call, call.table("data"), oracle.targets);
}

// A table: for each row, near_1 ... near_k (row numbers) and distance_1 ... distance_k.
Value run_neighbours(Call& call) {
    const Table& points = call.table("points");
    const auto k = static_cast<std::size_t>(call.whole("k", 5, 1, most_rows));
    const auto metric = call.choice<Metric>("distance", {{"scaled", Metric::scaled}, {"raw", Metric::raw}});
    const Neighbours near = nearest(box_of(call), points, k, metric);
    Table table;
    for (std::size_t i = 0; i < k; ++i) {
        Numbers rows, distances;
        for (std::size_t row = 0; row < points.rows(); ++row) {
            rows.push_back(static_cast<double>(near.row[row * k + i] + 1));
            distances.push_back(near.distance[row * k + i]);
        }
        table.set("near_" + std::to_string(i + 1), std::move(rows));
        table.set("distance_" + std::to_string(i + 1), std::move(distances));
    }
    return table;
}

Value run_gradient_degree(Call& call) {
    const auto& oracle = call.object<Oracle>("oracle", "oracle");
    const auto k = static_cast<std::size_t>(call.whole("k", 5, 1, most_rows));
    const auto form =
        call.choice<GradientForm>("form", {{"code", GradientForm::code}, {"paper", GradientForm::paper}});
    const auto metric = call.choice<Metric>("distance", {{"raw", Metric::raw}, {"scaled", Metric::scaled}});
    return gradient_degree(oracle.box, call.table("data"), oracle.targets, k, form, metric);
}

// top(scores, n = 600) or top(scores, share = 0.2): a mask.
Value run_top(Call& call) {
    const Numbers scores = call.numbers("scores");
    if (call.has("n") == call.has("share")) call.fail("top needs one of 'n' and 'share'");
    if (call.has("n")) return to_mask(top(scores, static_cast<std::size_t>(call.whole("n", 0, most_rows))));
    const double share = call.number("share");
    if (!(share >= 0 && share <= 1)) call.fail_at("share", "'share' is a part of all rows, from 0 to 1");
    return to_mask(
        top(scores, static_cast<std::size_t>(std::floor(share * static_cast<double>(scores.size()) + 1e-9))));
}

// {low, medium, high, by}: masks, and what made them, "mixture" or "shares".
Value run_strata(Call& call) {
    const auto floor = call.choice<VarianceFloor>(
        "floor", {{"code", VarianceFloor::coded}, {"scale_free", VarianceFloor::scale_free}});
    const Strata found = strata(call.numbers("residuals"), floor);
    const auto mask = [&](std::uint8_t stratum) {
        List rows;
        for (const std::uint8_t each : found.of) rows.emplace_back(each == stratum);
        return Value(std::move(rows));
    };
    return Record{{"low", mask(0)},
                  {"medium", mask(1)},
                  {"high", mask(2)},
                  {"by", found.by_mixture ? "mixture" : "shares"}};
}

Value run_crossover(Call& call) {
    const auto n = static_cast<std::size_t>(call.whole("n", 0, most_rows));
    return crossover(box_of(call), call.table("parents"), n, call.seed());
}

Value run_mutate(Call& call) {
    const auto n = static_cast<std::size_t>(call.whole("n", 0, most_rows));
    return mutate(box_of(call), call.table("high"), call.table("medium"), n, call.seed());
}

Value run_smote(Call& call) {
    const auto n = static_cast<std::size_t>(call.whole("n", 0, most_rows));
    const auto k = static_cast<std::size_t>(call.whole("k", 5, 1, most_rows));
    return smote(box_of(call), call.table("minority"), n, k, call.seed());
}

Spread spread_of(const Call& call) {
    return call.choice<Spread>("distance", {{"raw", Spread::raw}, {"scaled", Spread::scaled}});
}

// A variance whose root fits into the box.
double sigma_of(const Call& call, const Box& box, Spread spread) {
    const double sigma = call.number("sigma");
    if (!(sigma > 0) || !std::isfinite(sigma))
        call.fail_at("sigma",
                     "'sigma' is " + to_text(Value(sigma)) + "; it is a variance and must be above 0");
    for (const Axis& axis : box.axes) {
        const double width = spread == Spread::scaled ? 1 : axis.upper - axis.lower;
        if (std::sqrt(sigma) > width)
            call.fail_at("sigma", "'sigma' is a variance; its root is larger than the box on axis '" +
                                      axis.name + "'");
    }
    return sigma;
}

// children(box, parents, weights = losses, n = 150, sigma = 0.005)
Value run_children(Call& call) {
    const Table& parents = call.table("parents");
    const Box& box = box_of(call);
    const auto n = static_cast<std::size_t>(call.whole("n", 0, most_rows));
    const Spread spread = spread_of(call);
    const double sigma = sigma_of(call, box, spread);
    const auto counts = multinomial(drawing_weights(call, parents), n, call.seed());
    return children(box, parents, counts, sigma, spread, call.seed());
}

// children_density(box, points, parents, weights, sigma): how many times denser than uniform, one number a
// point.
Value run_children_density(Call& call) {
    const Table& parents = call.table("parents");
    const Box& box = box_of(call);
    const Spread spread = spread_of(call);
    const double sigma = sigma_of(call, box, spread);
    Numbers weights = drawing_weights(call, parents);
    if (std::ranges::all_of(weights, [](double w) { return w == 0; })) weights.assign(weights.size(), 1);
    return children_density(box, call.table("points"), parents, weights, sigma, spread);
}

Value run_redraw(Call& call) {
    const Table& data = call.table("data");
    const auto n = static_cast<std::size_t>(call.whole("n", static_cast<long>(data.rows()), 0, most_rows));
    const double mix = call.number("mix", 1);
    if (!(mix >= 0 && mix <= 1)) call.fail_at("mix", "'mix' is a share, from 0 to 1");
    const auto rows = redraw(drawing_weights(call, data), n, mix, call.seed());
    return data.select(rows);
}

// {data, accepted, sum}
Value run_reservoir(Call& call) {
    const Table &data = call.table("data"), &offered = call.table("offered");
    const Reservoir result =
        reservoir(data.rows(), one_a_row(call, "weights", offered), call.number("sum", 0), call.seed());
    return Record{{"data", append(data, offered.columns(data.names())).select(result.from)},
                  {"accepted", to_mask(result.accepted)},
                  {"sum", result.sum}};
}

// All columns of `embeddings`, each row times its weight: a mask.
Value run_determinantal(Call& call) {
    const Table& table = call.table("embeddings");
    const auto n = static_cast<std::size_t>(call.whole("n", 0, most_rows));
    const Numbers weights =
        call.has("weights") ? one_a_row(call, "weights", table) : Numbers(table.rows(), 1.0);
    std::vector<double> rows(table.rows() * table.width());
    for (std::size_t c = 0; c < table.width(); ++c) {
        const auto& column = table.columns()[c].numbers();
        for (std::size_t i = 0; i < column.size(); ++i) rows[i * table.width() + c] = column[i] * weights[i];
    }
    return to_mask(determinantal(rows, table.width(), n, call.number("scale", 100), call.seed()));
}

Value run_imbalance_ratio(Call& call) {
    return imbalance_ratio(call.numbers("labels"));
}

Value run_gini(Call& call) {
    return gini(call.numbers("labels"), call.choice<GiniForm>("form", {{"formula", GiniForm::formula},
                                                                       {"lorenz", GiniForm::lorenz}}));
}

}  // namespace

void add_choose_verbs(Verbs& verbs) {
    const std::vector<Verb> all = {
        {"labelled", {"oracle", "data"}, run_labelled},
        {"neighbours", {"box", "points", "k", "distance"}, run_neighbours},
        {"gradient_degree", {"oracle", "data", "k", "form", "distance"}, run_gradient_degree},
        {"top", {"scores", "n", "share"}, run_top},
        {"strata", {"residuals", "floor"}, run_strata},
        {"crossover", {"box", "parents", "n", "seed"}, run_crossover, true},
        {"mutate", {"box", "high", "medium", "n", "seed"}, run_mutate, true},
        {"oversample", {"box", "minority", "n", "k", "seed"}, run_smote, true},
        {"children", {"box", "parents", "weights", "n", "sigma", "distance", "seed"}, run_children, true},
        {"children_density",
         {"box", "points", "parents", "weights", "sigma", "distance"},
         run_children_density},
        {"above_mean", {"scores"}, run_above_mean},
        {"redraw", {"data", "weights", "n", "mix", "seed"}, run_redraw, true},
        {"reservoir", {"data", "offered", "weights", "sum", "seed"}, run_reservoir, true},
        {"determinantal", {"embeddings", "n", "weights", "scale", "seed"}, run_determinantal, true},
        {"imbalance_ratio", {"labels"}, run_imbalance_ratio},
        {"gini", {"labels", "form"}, run_gini},
    };
    for (const Verb& verb : all) verbs[verb.name] = verb;
}

}  // namespace rondo
