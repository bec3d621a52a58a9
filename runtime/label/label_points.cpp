#include "runtime/label/label_points.h"

#include <algorithm>

#include "runtime/simulate/travel.h"
#include "runtime/table/bytes.h"

namespace rondo {

namespace {

double frequency_of(const Label& label, std::size_t quantity) {
    return label.frequencies.empty() ? label.frequency : label.frequencies[quantity];
}

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

// They themselves; rows as labels.
Table to_table(std::span<const Label* const> labels, const std::vector<std::string>& names,
               const LabelRule& rule) {
    std::vector<std::string> rhythm, reason;
    std::vector<double> verified, multiplier;
    for (const Label* label : labels) {
        rhythm.emplace_back(to_text(label->rhythm));
        verified.push_back(label->verified);
        multiplier.push_back(label->multiplier);
        reason.push_back(label->reason);
    }
    Table table;
    for (std::size_t q = 0; q < names.size(); ++q) {
        std::vector<double> frequency;
        for (const Label* label : labels) frequency.push_back(frequency_of(*label, q));
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

std::vector<const Label*> pointers(std::span<const Label> labels) {
    std::vector<const Label*> result;
    for (const Label& label : labels) result.push_back(&label);
    return result;
}

Rhythm rhythm_of(std::string_view text) {
    for (const auto rhythm : {Rhythm::steady, Rhythm::damped, Rhythm::sustained, Rhythm::undecided})
        if (to_text(rhythm) == text) return rhythm;
    return Rhythm::failed;
}

// Labels as they are kept and sent: what results show of them, and what they took.
Table to_kept(std::span<const Label* const> labels, const std::vector<std::string>& names,
              const LabelRule& rule) {
    Table table = to_table(labels, names, rule);
    std::vector<double> calls;
    for (const Label* label : labels) calls.push_back(static_cast<double>(label->rhs_calls));
    table.set("rhs_calls", std::move(calls));
    return table;
}

void from_kept(const Table& table, const std::vector<std::string>& names, RowMap::Rows rows,
               std::span<Label> labels) {
    const auto &rhythm = table.at("rhythm").texts(), &reason = table.at("reason").texts();
    const auto calls = table.numbers("rhs_calls");
    const bool verified = table.find("verified");
    std::vector<std::span<const double>> frequencies;
    for (const auto& name : names) frequencies.push_back(table.numbers(name));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Label& label = labels[rows[i]];
        label.rhythm = rhythm_of(rhythm[i]);
        label.reason = reason[i];
        if (verified) {
            label.verified = table.numbers("verified")[i];
            label.multiplier = table.numbers("multiplier")[i];
        }
        label.rhs_calls = static_cast<std::uint64_t>(calls[i]);
        label.frequency = frequencies[0][i];
        label.frequencies.clear();
        for (std::size_t q = 0; names.size() > 1 && q < names.size(); ++q)
            label.frequencies.push_back(frequencies[q][i]);
    }
}

std::unique_ptr<Labeller> make_labeller(const Selection& selection, const LabelRule& rule) {
    if (const auto* cycle = std::get_if<CycleOptions>(&rule))
        return std::make_unique<CycleLabeller>(selection, *cycle);
    return std::make_unique<PublishedLabeller>(selection, std::get<PublishedOptions>(rule));
}

// A rule as numbers, the first of which says which.
std::vector<double> numbers_of(const LabelRule& rule) {
    if (const auto* c = std::get_if<CycleOptions>(&rule)) {
        return {0,
                static_cast<double>(c->method),
                static_cast<double>(c->lanes),
                c->rtol,
                c->horizon,
                c->min_swing,
                c->convergence,
                static_cast<double>(c->max_steps),
                static_cast<double>(c->verify)};
    }
    const auto& p = std::get<PublishedOptions>(rule);
    std::vector<double> numbers{1, p.horizon, p.dt, p.delta, p.rtol, static_cast<double>(p.max_steps)};
    numbers.insert(numbers.end(), p.envelope.begin(), p.envelope.end());
    return numbers;
}

LabelRule rule_of(const std::vector<double>& numbers) {
    if (numbers[0] == 0) {
        CycleOptions c;
        c.method = static_cast<EnsembleMethod>(numbers[1]);
        c.lanes = static_cast<int>(numbers[2]);
        c.rtol = numbers[3];
        c.horizon = numbers[4];
        c.min_swing = numbers[5];
        c.convergence = numbers[6];
        c.max_steps = static_cast<long>(numbers[7]);
        c.verify = numbers[8] != 0;
        return c;
    }
    PublishedOptions p;
    p.horizon = numbers[1];
    p.dt = numbers[2];
    p.delta = numbers[3];
    p.rtol = numbers[4];
    p.max_steps = static_cast<long>(numbers[5]);
    p.envelope.clear();
    for (std::size_t i = 6; i < numbers.size(); ++i) p.envelope.push_back(static_cast<int>(numbers[i]));
    return p;
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

PointLabeller::PointLabeller(Model model, std::vector<std::string> varying, std::vector<std::string> of,
                             LabelRule rule)
    : model_(std::move(model)), varying_(std::move(varying)), of_(std::move(of)), rule_(std::move(rule)) {
    if (of_.empty())
        throw Error(Fault::input, "labelling needs at least one quantity to observe, e.g. --of X");
    labeller_ = make_labeller(model_.select_over(of_, varying_), rule_);
}

std::vector<Label> PointLabeller::labels_of(const Table& points, const std::string& source,
                                            const Executor& executor, const RowKeeper& keeper,
                                            bool shared) const {
    const auto columns = match_columns(model_.system(), points, source);
    const auto inputs = point_inputs(model_, points, columns, source);
    const auto names = frequency_columns(of_);
    std::vector<Label> labels(inputs.size());
    const Table settings = points.columns(columns.matched);
    RowMap map{.what = "labelling", .points = settings, .block = 1000};
    map.give = [&](RowMap::Rows rows) {
        std::vector<const Label*> chosen;
        for (const std::size_t row : rows) chosen.push_back(&labels[row]);
        return to_kept(chosen, names, rule_);
    };
    map.take = [&](RowMap::Rows rows, const Table& kept) { from_kept(kept, names, rows, labels); };
    map.serve = [&](Feed& rows, const std::function<void(std::size_t)>& done) {
        labeller_->serve(
            rows, [&](std::size_t row) { return std::span<const double>(inputs[row]); },
            [&](std::size_t row, const Label& label) {
                labels[row] = label;
                labels[row].y = {};  // no column tells it
                done(row);
            });
    };
    if (shared && executor.crew()) map.setup = setup();
    RowKeeper::Account account = run_rows(map, executor, keeper);
    account.method = labeller_->describe();
    for (const auto& label : labels) account.rhs_calls += label.rhs_calls;
    if (keeper.account) keeper.account(account);
    return labels;
}

Table PointLabeller::label(const Table& points, const std::string& source, const Executor& executor,
                           const RowKeeper& keeper) const {
    const auto labels = labels_of(points, source, executor, keeper, true);
    const auto names = frequency_columns(of_);
    Table result = set_aside(points, label_columns(names, rule_));
    const Table made = to_table(pointers(labels), names, rule_);
    for (const auto& column : made.columns()) result.set(column);
    return result;
}

Table PointLabeller::label_part(const Table& points, const Executor& executor) const {
    return to_kept(pointers(labels_of(points, "points", executor, {}, false)), frequency_columns(of_), rule_);
}

std::string PointLabeller::setup() const {
    auto row = packed(model_);
    if (!row) return {};
    pack(*row, "task", "label");
    pack(*row, "varying", varying_);
    pack(*row, "of", of_);
    pack(*row, "rule", numbers_of(rule_));
    return to_bytes(*row);
}

PointLabeller PointLabeller::from_setup(const Table& setup) {
    return {unpacked_model(setup), unpacked_texts(setup, "varying"), unpacked_texts(setup, "of"),
            rule_of(unpacked_numbers(setup, "rule"))};
}

Table label_points(const Model& model, const Table& points, const std::string& source,
                   const std::vector<std::string>& of, const LabelRule& rule, const Executor& executor,
                   const RowKeeper& keeper) {
    const auto columns = match_columns(model.system(), points, source);
    return PointLabeller(model, columns.matched, of, rule).label(points, source, executor, keeper);
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
