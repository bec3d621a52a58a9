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

Table to_table(std::span<const Label> labels, const std::vector<std::string>& names) {
    std::vector<std::string> rhythm;
    for (const auto& label : labels) rhythm.emplace_back(to_text(label.rhythm));
    Table table;
    for (std::size_t q = 0; q < names.size(); ++q) {
        std::vector<double> frequency;
        for (const auto& label : labels)
            frequency.push_back(label.frequencies.empty() ? label.frequency : label.frequencies[q]);
        table.set(names[q], std::move(frequency));
    }
    table.set("rhythm", std::move(rhythm));
    return table;
}

std::unique_ptr<Labeller> make_labeller(const Selection& selection, const LabelRule& rule) {
    if (const auto* cycle = std::get_if<CycleOptions>(&rule))
        return std::make_unique<CycleLabeller>(selection, *cycle);
    return std::make_unique<PublishedLabeller>(selection, std::get<PublishedOptions>(rule));
}

}  // namespace

LabelRule label_rule(const std::string& name, const Model& model, double horizon, double dt) {
    if (name == "cycle") {
        if (dt != 0) throw Error(Fault::input, "the cycle rule takes no samples: leave 'dt' out");
        CycleOptions options;
        options.horizon = horizon;
        return options;
    }
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
        block.labels = to_table(std::span(labels).subspan(block.begin, block.end - block.begin), names);
        if (!keeper.keep) return;
        const std::lock_guard lock(keeping);
        keeper.keep(block.points, *block.labels);
    };
    executor.feed("labelling", todo.size(), [&](int, Feed& feed) {
        labeller->serve(
            feed, [&](std::size_t item) { return std::span<const double>(inputs[todo[item]]); },
            [&](std::size_t item, const Label& label) { done(todo[item], label); });
    });

    Table made = to_table({}, names);
    for (const auto& block : blocks) made = append(made, *block->labels);
    auto own = names;
    own.emplace_back("rhythm");
    Table result = set_aside(points, own);
    for (const auto& column : made.columns()) result.set(column);
    return result;
}

std::string describe_undecided(const Table& labels) {
    const auto& rhythm = labels.at("rhythm").texts();
    const auto failed = std::ranges::count(rhythm, to_text(Rhythm::failed));
    const auto undecided = std::ranges::count(rhythm, to_text(Rhythm::undecided));
    if (failed + undecided == 0) return "";
    std::string text;
    if (failed) text += std::to_string(failed) + " failed";
    if (undecided) text += (text.empty() ? "" : ", ") + std::to_string(undecided) + " undecided";
    return text + " of " + std::to_string(rhythm.size()) + " points";
}

}  // namespace rondo
