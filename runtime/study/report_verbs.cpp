// report_verbs.cpp: plot, scatter, heatmap, boxplot, histogram, bars, report.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "runtime/report/report.h"
#include "runtime/study/objects.h"
#include "runtime/table/csv.h"
#include "runtime/table/file.h"
#include "runtime/table/quantile.h"

namespace rondo {

namespace {

std::vector<double> column(const Call& call, const Table& table, const std::string& name) {
    try {
        const auto values = table.numbers(name);
        return {values.begin(), values.end()};
    } catch (const Error& error) {
        call.fail(error.what());
    }
}

// What goes along x when nobody says: time, an epoch, else the first column.
std::string x_name(const Call& call, const Table& table) {
    if (call.has("x")) return call.text("x");
    for (const char* name : {"time", "epoch"}) {
        if (table.find(name)) return name;
    }
    if (table.width() == 0) call.fail("the table has no columns to plot");
    return table.columns().front().name;
}

Plot titled(const Call& call, Plot::Kind kind) {
    Plot plot;
    plot.kind = kind;
    plot.title = call.text("title", "");
    plot.x_label = call.text("x_label", "");
    plot.y_label = call.text("y_label", "");
    plot.log_x = call.flag("log_x", false);
    plot.log_y = call.flag("log_y", false);
    return plot;
}

// All numeric columns but x.
std::vector<std::string> other_columns(const Table& table, const std::string& x) {
    std::vector<std::string> names;
    for (const auto& column : table.columns()) {
        if (column.name != x && !column.is_text()) names.push_back(column.name);
    }
    return names;
}

Plot line_plot(const Call& call, const Table& table, const std::string& x,
               const std::vector<std::string>& names, Plot plot) {
    if (plot.x_label.empty()) plot.x_label = x;
    const auto xs = column(call, table, x);
    for (const auto& name : names) plot.series.push_back({name, xs, column(call, table, name), {}});
    return plot;
}

// plot(run, ["X", "Y"], title = "one run")
Value run_plot(Call& call) {
    const Table& table = call.table("table");
    const auto x = x_name(call, table);
    const auto names = call.has("y") ? call.texts("y") : other_columns(table, x);
    return make_object(PlotValue(line_plot(call, table, x, names, titled(call, Plot::Kind::line))));
}

// scatter(table, x = "a", y = "b", color = "freq_X")
Value run_scatter(Call& call) {
    const Table& table = call.table("table");
    Plot plot = titled(call, Plot::Kind::scatter);
    const auto x = call.text("x"), y = call.text("y");
    if (plot.x_label.empty()) plot.x_label = x;
    if (plot.y_label.empty()) plot.y_label = y;
    Series series{"", column(call, table, x), column(call, table, y), {}};
    if (call.has("color")) {
        plot.color_label = call.text("color");
        series.color = column(call, table, plot.color_label);
    }
    plot.series.push_back(std::move(series));
    return make_object(PlotValue(std::move(plot)));
}

// The distinct values of a grid's coordinate and each row's place among them.
struct Ticks {
    std::vector<double> values;
    std::vector<std::size_t> place;
};

Ticks ticks(const Call& call, const Table& table, const std::string& name) {
    const auto values = column(call, table, name);
    const std::set<double> distinct(values.begin(), values.end());
    Ticks result{{distinct.begin(), distinct.end()}, {}};
    for (const double value : values) {
        result.place.push_back(
            static_cast<std::size_t>(std::ranges::lower_bound(result.values, value) - result.values.begin()));
    }
    return result;
}

// heatmap(table, "a", "b", "freq_X"): a table over grid().
Value run_heatmap(Call& call) {
    const Table& table = call.table("table");
    Plot plot = titled(call, Plot::Kind::heat);
    const auto x = call.text("x"), y = call.text("y");
    plot.color_label = call.text("of");
    if (plot.x_label.empty()) plot.x_label = x;
    if (plot.y_label.empty()) plot.y_label = y;
    const Ticks xs = ticks(call, table, x), ys = ticks(call, table, y);
    const auto values = column(call, table, plot.color_label);
    plot.columns = xs.values.size();
    if (plot.columns < 2 || ys.values.size() < 2 || plot.columns * ys.values.size() != table.rows()) {
        call.fail_at("table", "the rows do not fill a grid over '" + x + "' and '" + y + "'",
                     "make the points with grid(box, n = 40)");
    }
    plot.z.assign(table.rows(), std::nan(""));
    for (std::size_t row = 0; row < table.rows(); ++row)
        plot.z[ys.place[row] * plot.columns + xs.place[row]] = values[row];
    // Cells reach half a step beyond the grid's points.
    const double dx = (xs.values.back() - xs.values.front()) / static_cast<double>(xs.values.size() - 1) / 2;
    const double dy = (ys.values.back() - ys.values.front()) / static_cast<double>(ys.values.size() - 1) / 2;
    plot.x0 = xs.values.front() - dx;
    plot.x1 = xs.values.back() + dx;
    plot.y0 = ys.values.front() - dy;
    plot.y1 = ys.values.back() + dy;
    if (call.has("range")) {
        const auto* range = call.value("range").get_if<Range>();
        if (!range) call.fail_type("range", "range of colours such as 0..0.5");
        plot.color_low = range->first;
        plot.color_high = range->last;
    }
    return make_object(PlotValue(std::move(plot)));
}

Value run_histogram(Call& call) {
    const Table& table = call.table("table");
    Plot plot = titled(call, Plot::Kind::histogram);
    for (const auto& name : call.texts("of"))
        plot.series.push_back({name, {}, column(call, table, name), {}});
    if (plot.x_label.empty() && plot.series.size() == 1) plot.x_label = plot.series.front().name;
    plot.bins = static_cast<int>(call.whole("bins", 0, 0, 10'000));
    return make_object(PlotValue(std::move(plot)));
}

// One box of a box plot as a line around `at`: whiskers from the least to the largest value, the box between
// the quartiles, the median across it, and a cross at the mean.
Series box_outline(const std::string& name, double at, std::vector<double> values) {
    std::erase_if(values, [](double v) { return !std::isfinite(v); });
    Series series{name, {}, {}, {}};
    if (values.empty()) return series;
    const double low = quantile(values, 0), first = quantile(values, 0.25), middle = quantile(values, 0.5),
                 third = quantile(values, 0.75), high = quantile(values, 1), gap = std::nan("");
    double mean = 0;
    for (const double v : values) mean += v / static_cast<double>(values.size());
    const auto draw = [&](std::initializer_list<std::pair<double, double>> points) {
        for (const auto& [x, y] : points) {
            series.x.push_back(at + x);
            series.y.push_back(y);
        }
        series.x.push_back(gap);
        series.y.push_back(gap);
    };
    draw({{-0.15, low}, {0.15, low}});
    draw({{0, low}, {0, first}});
    draw({{-0.3, first}, {0.3, first}, {0.3, third}, {-0.3, third}, {-0.3, first}});
    draw({{-0.3, middle}, {0.3, middle}});
    draw({{0, third}, {0, high}});
    draw({{-0.15, high}, {0.15, high}});
    const double step = (high - low) / 50;
    if (mean - step > 0 || low <= 0) {  // a log axis could not show it
        draw({{-0.08, mean - step}, {0.08, mean + step}});
        draw({{-0.08, mean + step}, {0.08, mean - step}});
    }
    return series;
}

// boxplot(table, ["full", "stopped"]): one box a column, at 1, 2, ...
Value run_boxplot(Call& call) {
    const Table& table = call.table("table");
    Plot plot = titled(call, Plot::Kind::line);
    const auto names = call.texts("of");
    for (const auto& name : names)
        plot.series.push_back(
            box_outline(name, static_cast<double>(plot.series.size() + 1), column(call, table, name)));
    return make_object(PlotValue(std::move(plot)));
}

// bars(table, ["overall", "minority"], by = "method"): for each row a group, for each column a bar in it.
Value run_bars(Call& call) {
    const Table& table = call.table("table");
    Plot plot = titled(call, Plot::Kind::bar);
    plot.categories = table.at(call.text("by")).texts();
    for (const auto& name : call.texts("of"))
        plot.series.push_back({name, {}, column(call, table, name), {}});
    return make_object(PlotValue(std::move(plot)));
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs surrogate_facts(const Surrogate& surrogate) {
    std::string outputs;
    for (const auto& name : surrogate.outputs) outputs += (outputs.empty() ? "" : ", ") + name;
    return {{"predicts", outputs},
            {"over", BoxValue(surrogate.box).print()},
            {"epochs", std::to_string(surrogate.history.rows())},
            {"identity", surrogate.identity}};
}

Plot training_curve(const Call& call, const Surrogate& surrogate) {
    Plot plot;
    plot.title = "training";
    plot.y_label = "mean squared error";
    plot.log_y = true;
    std::vector<std::string> names{"train_loss"};
    if (std::ranges::any_of(surrogate.history.numbers("validation_loss"),
                            [](double v) { return std::isfinite(v); })) {
        names.emplace_back("validation_loss");
    }
    return line_plot(call, surrogate.history, "epoch", names, plot);
}

// One item of a report as blocks: plots as pictures, runs as curves, surrogates with their training, the rest
// as text.
void add_item(const Call& call, const Value& item, std::vector<ReportBlock>& blocks) {
    if (const auto* plot = object_if<PlotValue>(item)) {
        blocks.emplace_back(ReportPlots{{plot->plot}});
    } else if (const auto* surrogate = object_if<SurrogateValue>(item)) {
        blocks.emplace_back(ReportPlots{{training_curve(call, surrogate->surrogate)}});
        blocks.emplace_back(ReportPairs{"surrogate", surrogate_facts(surrogate->surrogate)});
    } else if (const auto* table = item.get_if<Table>()) {
        if (table->find("time")) {
            blocks.emplace_back(
                ReportPlots{{line_plot(call, *table, "time", other_columns(*table, "time"), Plot())}});
        } else {
            blocks.emplace_back(ReportTable{"", *table});
        }
    } else if (const auto* record = item.get_if<Record>()) {
        Pairs pairs;
        for (const auto& [name, value] : *record) pairs.emplace_back(name, to_text(value));
        blocks.emplace_back(ReportPairs{"", std::move(pairs)});
    } else if (const auto* list = item.get_if<List>()) {
        ReportPlots side_by_side;
        for (const auto& part : *list) {
            if (const auto* picture = object_if<PlotValue>(part)) {
                side_by_side.plots.push_back(picture->plot);
            } else {
                add_item(call, part, blocks);
            }
        }
        if (!side_by_side.plots.empty()) blocks.emplace_back(std::move(side_by_side));
    } else {
        blocks.emplace_back(ReportText{to_text(item)});
    }
}

// report("brusselator.html", [run, learned], title = "...")
Value run_report(Call& call) {
    const std::string name = call.text("file");
    if (!name.ends_with(".html")) call.fail_at("file", "a report is an HTML file; end its name in .html");
    std::vector<ReportBlock> blocks;
    const Value& items = call.value("items");
    if (const auto* list = items.get_if<List>()) {
        for (const auto& item : *list) add_item(call, item, blocks);
    } else {
        add_item(call, items, blocks);
    }
    Identity identity("report", 1);
    items.identify(identity);
    blocks.emplace_back(ReportPairs{"manifest",
                                    {{"study", call.environment.study_name},
                                     {"identity of the contents", identity.hex()},
                                     {"versions, device and times",
                                      std::filesystem::path(name).filename().string() + ".manifest.json"}}});
    write_file(call.environment.output(name),
               to_html(call.text("title", std::filesystem::path(name).stem().string()), blocks));
    call.environment.wrote(call.environment.output(name), identity.hex());
    return {};
}

}  // namespace

void add_report_verbs(Verbs& verbs) {
    const std::vector<std::string> looks{"title", "x_label", "y_label", "log_x", "log_y"};
    const auto with_looks = [&](std::vector<std::string> own) {
        own.insert(own.end(), looks.begin(), looks.end());
        return own;
    };
    verbs["plot"] = {"plot", with_looks({"table", "y", "x"}), run_plot};
    verbs["scatter"] = {"scatter", with_looks({"table", "x", "y", "color"}), run_scatter};
    verbs["heatmap"] = {"heatmap", with_looks({"table", "x", "y", "of", "range"}), run_heatmap};
    verbs["boxplot"] = {"boxplot", with_looks({"table", "of"}), run_boxplot};
    verbs["histogram"] = {"histogram", with_looks({"table", "of", "bins"}), run_histogram};
    verbs["bars"] = {"bars", with_looks({"table", "of", "by"}), run_bars};
    verbs["report"] = {"report", {"file", "items", "title"}, run_report};
}

}  // namespace rondo
