#include "runtime/label/label_points.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <numeric>

namespace rondo {

namespace {

struct Block {
    std::size_t begin, end;
    Table points;  // the columns that set inputs
    std::optional<Table> labels;
    std::atomic<std::size_t> left;
    Block(std::size_t first, std::size_t last, Table table)
        : begin(first), end(last), points(std::move(table)), left(last - first) {}
};

bool verifies(const LabelRule& rule) {
    const auto* cycle = std::get_if<CycleOptions>(&rule);
    return cycle && cycle->verify;
}

// The columns that labelling adds.
std::vector<std::string> label_columns(std::vector<std::string> names, const LabelRule& rule) {
    names.emplace_back("rhythm");
    if (verifies(rule)) names.insert(names.end(), {"verified", "multiplier"});
    names.emplace_back("reason");
    return names;
}

Table to_table(std::span<const Label> labels, const std::vector<std::string>& names, const LabelRule& rule) {
    std::vector<std::string> rhythm, reason;
    std::vector<double> verified, multiplier;
    for (const auto& label : labels) {
        rhythm.emplace_back(to_text(label.rhythm));
        verified.push_back(label.verified);
        multiplier.push_back(label.multiplier);
        reason.push_back(label.reason);
    }
    Table table;
    for (std::size_t q = 0; q < names.size(); ++q) {
        std::vector<double> frequency;
        for (const auto& label : labels)
            frequency.push_back(label.frequencies.empty() ? label.frequency : label.frequencies[q]);
        table.set(names[q], std::move(frequency));
    }
    table.set("rhythm", std::move(rhythm));
    if (verifies(rule)) {
        table.set("verified", std::move(verified));
        table.set("multiplier", std::move(multiplier));
    }
    table.set("reason", std::move(reason));
    return table;
}

std::unique_ptr<Labeller> make_labeller(const Selection& selection, const LabelRule& rule) {
    if (const auto* cycle = std::get_if<CycleOptions>(&rule))
        return std::make_unique<CycleLabeller>(selection, *cycle);
    return std::make_unique<PublishedLabeller>(selection, std::get<PublishedOptions>(rule));
}

}  // namespace

LabelRule label_rule(const std::string& name, const Model& model, double horizon, double dt, bool verify) {
    if (name == "cycle") {
        if (dt != 0) throw Error(Fault::input, "the cycle rule takes no samples: leave 'dt' out");
        CycleOptions options;
        options.horizon = horizon;
        options.verify = verify;
        return options;
    }
    if (verify) throw Error(Fault::input, "'verify' goes with the cycle rule alone");
    if (name != "published")
        throw Error(Fault::input, "there is no rule '" + name + "'; there are 'cycle' and 'published'");
    const auto preset = published_preset(model.network().id);
    PublishedOptions options = preset.value_or(PublishedOptions{});
    if (horizon != 0) options.horizon = horizon;
    if (dt != 0) options.dt = dt;
    if (options.horizon == 0 || options.dt == 0)
        throw Error(Fault::input,
                    "'" + model.network().id +
                        "' is none of the four published systems: the published rule needs a horizon and dt");
    return options;
}

std::vector<std::string> frequency_columns(const std::vector<std::string>& of) {
    std::vector<std::string> names;
    for (const auto& name : of) names.push_back("freq_" + name);
    return names;
}

Table label_points(const Model& model, const Table& points, const std::string& source,
                   const std::vector<std::string>& of, const LabelRule& rule, const Executor& executor,
                   const LabelKeeper& keeper) {
    if (of.empty())
        throw Error(Fault::input, "labelling needs at least one quantity to observe, e.g. --of X");
    const auto columns = match_columns(model.system(), points, source);
    const auto inputs = point_inputs(model, points, columns, source);
    const auto names = frequency_columns(of);

    const Table settings = points.columns(columns.matched);
    std::vector<std::unique_ptr<Block>> blocks;
    std::vector<std::size_t> todo;
    for (std::size_t begin = 0; begin < inputs.size(); begin += keeper.block) {
        const std::size_t end = std::min(begin + keeper.block, inputs.size());
        auto& block = *blocks.emplace_back(std::make_unique<Block>(begin, end, settings.slice(begin, end)));
        if (keeper.find) block.labels = keeper.find(block.points);
        for (std::size_t row = begin; !block.labels && row < end; ++row) todo.push_back(row);
    }

    std::vector<Label> labels(inputs.size());
    const auto labeller = make_labeller(model.select_over(of, columns.matched), rule);
    if (keeper.made_by && !todo.empty()) keeper.made_by(labeller->describe());
    std::mutex keeping;
    const auto done = [&](std::size_t row, const Label& label) {
        labels[row] = label;
        auto& block = *blocks[row / keeper.block];
        if (--block.left > 0) return;
        block.labels = to_table(std::span(labels).subspan(block.begin, block.end - block.begin), names, rule);
        if (!keeper.keep) return;
        const std::lock_guard lock(keeping);
        keeper.keep(block.points, *block.labels);
    };
    executor.feed("labelling", todo.size(), [&](int, Feed& feed) {
        labeller->serve(
            feed, [&](std::size_t item) { return std::span<const double>(inputs[todo[item]]); },
            [&](std::size_t item, const Label& label) { done(todo[item], label); });
    });

    Table made = to_table({}, names, rule);
    for (const auto& block : blocks) made = append(made, *block->labels);
    Table result = set_aside(points, label_columns(names, rule));
    for (const auto& column : made.columns()) result.set(column);
    return result;
}

std::string describe_undecided(const Table& labels) {
    const auto& rhythm = labels.at("rhythm").texts();
    const auto& reason = labels.at("reason").texts();
    std::string text;
    for (const Rhythm which : {Rhythm::failed, Rhythm::undecided}) {
        const auto first = std::ranges::find(rhythm, to_text(which));
        if (first == rhythm.end()) continue;
        if (!text.empty()) text += ", ";
        text += std::to_string(std::ranges::count(rhythm, to_text(which))) + " " + *first;
        const auto& why = reason[static_cast<std::size_t>(first - rhythm.begin())];
        if (!why.empty()) text += " (the first: " + why + ")";
    }
    return text.empty() ? text : text + " of " + std::to_string(rhythm.size()) + " points";
}

}  // namespace rondo
