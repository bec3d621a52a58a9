// oracle_verbs.cpp: frequency, the oracle that simulates and labels; period_sensitivity.
#include "runtime/label/period.h"
#include "runtime/study/objects.h"

namespace rondo {

namespace {

constexpr int frequency_version = 9;

class FrequencyOracle : public Oracle {
  public:
    FrequencyOracle(Model model, Box over, std::vector<std::string> of, LabelRule rule)
        : Oracle(std::move(over), frequency_columns(of)),
          model_(std::move(model)),
          of_(std::move(of)),
          rule_(std::move(rule)) {}

    std::string print() const override {
        std::string text = "oracle: frequency of";
        for (const auto& name : of_) text += " " + name;
        return text + " in " + model_.network().id + " over " + BoxValue(box).print();
    }

    void identify(Identity& identity) const override {
        identity.add("frequency");
        rondo::identify(box, identity);
        identify_labels(identity);
    }

    std::optional<Value> field(std::string_view name) const override {
        if (name == "model") return make_object(ModelValue(model_));
        return Oracle::field(name);
    }
    std::vector<std::string> fields() const override { return {"box", "targets", "model"}; }

    std::string model_text() const override { return model_.canonical(); }

    Table label(const Table& points, Environment& environment) const override {
        Identity what("frequency", frequency_version);
        identify_labels(what);
        const Table labels = label_points(model_, points, "points", of_, rule_, environment.executor,
                                          row_keeper(environment, "frequency", what));
        report_undecided(labels, environment);
        return labels.without("reason");
    }

  private:
    void identify_labels(Identity& identity) const {
        ModelValue(model_).identify(identity);
        for (const auto& name : of_) identity.add(name);
        if (const auto* cycle = std::get_if<CycleOptions>(&rule_)) {
            identity.add("cycle").add(std::int64_t{cycle->max_steps});
            identity.add(cycle->rtol).add(cycle->horizon).add(cycle->min_swing).add(cycle->convergence);
            if (cycle->verify) identity.add("verified");
        } else {
            const auto& published = std::get<PublishedOptions>(rule_);
            identity.add("published").add(published.horizon).add(published.dt).add(published.delta);
            identity.add(published.rtol).add(std::int64_t{published.max_steps});
            for (const int n : published.envelope) identity.add(std::int64_t{n});
        }
    }

    static void report_undecided(const Table& labels, Environment& environment) {
        const std::string text = describe_undecided(labels);
        if (text.empty()) return;
        for (const auto& rhythm : labels.at("rhythm").texts()) {
            if (rhythm != to_text(Rhythm::failed)) return environment.warn("frequency: " + text);
        }
        throw Error(Fault::numerics, "frequency: every run failed");
    }

    Model model_;
    std::vector<std::string> of_;
    LabelRule rule_;
};

Value run_frequency(Call& call) {
    const Model& model = call.object<ModelValue>("model", "model").model;
    const Box& box = call.object<BoxValue>("over", "box").box;
    auto of = call.texts("of");
    const double horizon = call.number("horizon", 0), dt = call.number("dt", 0);
    if (horizon < 0)
        call.fail_at("horizon", "horizon must be a positive time, or 0 to choose it from the run itself");
    if (dt < 0) call.fail_at("dt", "dt must be a positive time");
    LabelRule rule;
    try {
        rule = label_rule(call.text("rule", "cycle"), model, horizon, dt, call.flag("verify", false));
    } catch (const Error& error) {
        call.fail_at(call.has("verify") ? "verify" : call.has("rule") ? "rule" : "dt", error.what());
    }
    std::vector<Setting> middle;
    for (const auto& axis : box.axes) middle.emplace_back(axis.name, axis.value(0.5));
    try {
        (void)model.with(middle);
    } catch (const Error& error) {
        call.fail_at("over", error.what());
    }
    try {
        (void)model.compiled(of);
    } catch (const Error& error) {
        call.fail_at("of", error.what());
    }
    return make_object(FrequencyOracle(model, box, std::move(of), std::move(rule)));
}

// {period, frequency, stable, multipliers (their moduli), sensitivities}
Value run_period_sensitivity(Call& call) {
    const Model& model = call.object<ModelValue>("model", "model").model;
    Period found = find_period(model, call.texts("of"));
    List multipliers;
    for (const auto& value : found.orbit.multipliers) multipliers.emplace_back(std::abs(value));
    return Record{{"period", found.orbit.period},
                  {"frequency", 1 / found.orbit.period},
                  {"stable", found.orbit.stable},
                  {"multipliers", std::move(multipliers)},
                  {"sensitivities", std::move(found.sensitivities)}};
}

}  // namespace

void add_oracle_verbs(Verbs& verbs) {
    verbs["frequency"] = {
        "frequency", {"model", "over", "of", "horizon", "rule", "dt", "verify"}, run_frequency};
    verbs["period_sensitivity"] = {"period_sensitivity", {"model", "of"}, run_period_sensitivity};
}

}  // namespace rondo
