// surrogate_verbs.cpp: mlp, train, join, predict, score and what else a surrogate answers.
#include <algorithm>
#include <cmath>
#include <deque>
#include <mutex>

#include "jit/compile.h"
#include "runtime/stability/predict.h"
#include "runtime/stability/stability.h"
#include "runtime/study/equation_verbs.h"
#include "runtime/study/objects.h"
#include "runtime/surrogate/gated.h"
#include "runtime/surrogate/replicates.h"
#include "runtime/surrogate/score.h"
#include "runtime/table/csv.h"

namespace rondo {

namespace {

constexpr int train_version = 2;

// {x = 10}: the axis x is a circle, seen by 10 waves.
std::vector<std::pair<std::string, int>> periodic_of(const Call& call) {
    constexpr double most_waves = 1000;
    const auto* record = call.value("periodic").get_if<Record>();
    if (!record) call.fail_type("periodic", "record such as {x = 10}");
    std::vector<std::pair<std::string, int>> axes;
    for (const auto& [axis, value] : *record) {
        const auto* waves = value.get_if<double>();
        if (!waves || !(*waves >= 1 && *waves <= most_waves && *waves == std::floor(*waves)))
            call.fail_at("periodic", "'" + axis + "' is seen by a whole number of waves, from 1 to 1000");
        axes.emplace_back(axis, static_cast<int>(*waves));
    }
    return axes;
}

Value run_mlp(Call& call) {
    Mlp mlp;
    if (call.has("hidden")) {
        mlp.hidden.clear();
        for (const double width : call.numbers("hidden")) {
            if (!(width >= 1 && width <= 1e5 && width == std::floor(width))) {
                call.fail_at("hidden",
                             "hidden lists the widths of the hidden layers, whole numbers of at least 1");
            }
            mlp.hidden.push_back(static_cast<int>(width));
        }
        if (mlp.hidden.empty()) call.fail_at("hidden", "there must be at least one hidden layer");
    }
    mlp.dropout = call.number("dropout", mlp.dropout);
    if (!(mlp.dropout >= 0 && mlp.dropout < 1))
        call.fail_at("dropout", "dropout is a probability, at least 0 and below 1");
    mlp.batch_norm = call.flag("batch_norm", mlp.batch_norm);
    mlp.logs = call.flag("logs", mlp.logs);
    mlp.raw = call.flag("raw", mlp.raw);
    mlp.activation =
        call.choice<Activation>("activation", {{"relu", Activation::relu}, {"tanh", Activation::tanh}});
    if (call.has("periodic")) mlp.periodic = periodic_of(call);
    return make_object(MlpValue(std::move(mlp)));
}

// The rule of plateau(...), for `schedule` of train.
class PlateauValue : public Object {
  public:
    explicit PlateauValue(Plateau given) : plateau(std::move(given)) {}
    std::string_view type() const override { return "schedule"; }
    std::string print() const override {
        return "plateau: times " + shortest(plateau.factor) + " after " + std::to_string(plateau.patience) +
               " epochs without a better loss (" + plateau.watch + ")";
    }
    void identify(Identity& identity) const override {
        identity.add(plateau.patience).add(plateau.factor).add(plateau.threshold).add(plateau.watch);
    }

    const Plateau plateau;
};

Value run_plateau(Call& call) {
    Plateau plateau;
    plateau.patience = static_cast<int>(call.whole("patience", plateau.patience, 0, 10'000'000));
    plateau.factor = call.number("factor", plateau.factor);
    if (!(plateau.factor > 0 && plateau.factor < 1))
        call.fail_at("factor", "'factor' lowers the learning rate; it must be above 0 and below 1");
    plateau.threshold = call.number("threshold", plateau.threshold);
    if (!(plateau.threshold >= 0 && plateau.threshold < 1))
        call.fail_at("threshold", "'threshold' is a part of the best loss, at least 0 and below 1");
    plateau.watch = call.text("watch", plateau.watch);
    return make_object(PlateauValue(std::move(plateau)));
}

// What the study's function (data, losses, epochs done) -> table or nothing says.
Resample resample_of(Call& call, const std::vector<std::string>& wanted) {
    const Value function = call.value("sampler");
    return [&call, function, wanted](const Table& data, std::span<const double> losses,
                                     int epoch) -> std::optional<Table> {
        const Value given = call.apply(
            function, {Value(data), Value(Numbers(losses.begin(), losses.end())), Value(double(epoch))});
        if (given.is_nothing()) return std::nullopt;
        const auto* table = given.get_if<Table>();
        if (!table)
            call.fail_at("sampler", "the sampler gives a table, or nothing to keep the rows, not a " +
                                        std::string(given.type()));
        if (table->rows() != data.rows())
            call.fail_at("sampler", "the sampler gave " + std::to_string(table->rows()) +
                                        " rows after epoch " + std::to_string(epoch) + "; it was given " +
                                        std::to_string(data.rows()));
        return table->columns(wanted);
    };
}

// Those of physics-informed networks as they are usually trained.
TrainOptions equation_defaults() {
    TrainOptions options;
    options.warm_up = 0;
    options.learning_rate = 1e-3;
    options.weight_decay = 0;
    options.schedule = Schedule::step;
    return options;
}

const List* list_given(const Call& call, const char* name) {
    return call.has(name) ? call.value(name).get_if<List>() : nullptr;
}

// options: the defaults.
TrainOptions train_options(Call& call, TrainOptions options) {
    options.epochs = static_cast<int>(call.whole("epochs", options.epochs, 1, 10'000'000));
    options.warm_up =
        static_cast<int>(call.whole("warm_up", std::min(options.warm_up, options.epochs), 0, 10'000'000));
    options.learning_rate = call.number("learning_rate", options.learning_rate);
    if (!(options.learning_rate > 0)) call.fail_at("learning_rate", "learning_rate must be positive");
    options.weight_decay = call.number("weight_decay", options.weight_decay);
    if (!(options.weight_decay >= 0)) call.fail_at("weight_decay", "weight_decay must not be negative");
    options.patience = static_cast<int>(call.whole("patience", options.patience, 0, 10'000'000));
    options.batch = static_cast<int>(call.whole("batch", options.batch, 0, 100'000'000));
    options.best_weights = call.flag("best_weights", options.best_weights);
    options.loss = call.choice<Loss>(
        "loss", {{"squared", Loss::squared}, {"huber", Loss::huber}, {"logistic", Loss::logistic}});
    options.optimizer =
        call.choice<Optimizer>("optimizer", {{"adam", Optimizer::adam}, {"adamw", Optimizer::adamw}});
    if (const auto* rule = call.has("schedule") ? object_if<PlateauValue>(call.value("schedule")) : nullptr) {
        options.schedule = Schedule::plateau;
        options.plateau = rule->plateau;
        if (options.plateau.watch == "validation" && !call.has("validation"))
            call.fail_at("schedule", "the plateau watches the validation loss; there are no validation rows");
    } else if (call.has("schedule")) {
        options.schedule = call.choice<Schedule>("schedule", {{"inverse", Schedule::inverse},
                                                              {"constant", Schedule::constant},
                                                              {"cosine", Schedule::cosine},
                                                              {"exponential", Schedule::exponential},
                                                              {"step", Schedule::step}});
    }
    options.finish = static_cast<int>(call.whole("finish", options.finish, 0, 1'000'000));
    options.single = call.choice<bool>("precision", {{"double", false}, {"float", true}});
    if (call.has("from") && !list_given(call, "from"))
        options.from = &call.object<SurrogateValue>("from", "surrogate or list of surrogates").surrogate;
    options.device = call.environment.device;
    return options;
}

void identify(const TrainOptions& options, Identity& identity) {
    identity.add(options.epochs).add(options.warm_up).add(options.learning_rate).add(options.weight_decay);
    identity.add(options.patience).add(options.seed).add(static_cast<int>(options.device)).add(options.batch);
    identity.add(int{options.best_weights}).add(static_cast<int>(options.loss));
    identity.add(static_cast<int>(options.optimizer)).add(static_cast<int>(options.schedule));
    identity.add(options.finish).add(int{options.single});
    for (const double each : options.losses) identity.add(each);
    for (const auto& name : options.features) identity.add(name);
    identity.add(options.from ? options.from->identity : "");
    if (options.schedule == Schedule::plateau) PlateauValue(options.plateau).identify(identity);
    for (const auto& [name, table] : options.probes) identity.add(name).add(table);
}

// The table's columns of the box, of what is learnt, and of the features, in this order.
Table learnable(const Call& call, const Table& table, const std::vector<std::string>& targets,
                const std::vector<std::string>& wanted) {
    return labelled_rows(call, table, targets).columns(wanted);
}

// Trainings of one kind, found in the store or made.
class Lessons {
  public:
    // together: as one batched network.
    Lessons(Call& call, const Oracle& oracle, const Lesson& lesson, bool together)
        : call_(call),
          together_(together),
          oracle_(oracle),
          lesson_(lesson),
          store_(call.environment.store),
          work_(call.environment.work["train"]),
          before_data_("train", train_version),
          with_data_(before_data_) {
        oracle.identify(before_data_);
        for (const auto& name : lesson.targets) before_data_.add(name);
        MlpValue(lesson.mlp).identify(before_data_);
        if (lesson.data.width() > 0) with_data_ = with_data(lesson.data, lesson.validation);
    }

    std::vector<Surrogate> learn(const std::vector<Member>& members) {
        std::vector<Surrogate> all(members.size());
        std::vector<Replicate> lacking;
        const auto keys = keys_of(members);
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (const auto bytes = store_.find(keys[i])) {
                all[i] = from_bytes(*bytes, "stored surrogate");
                work_.stored += all[i].history.rows();
            } else {
                lacking.push_back(replicate(members[i], keys[i], all[i]));
            }
        }
        if (!lacking.empty() && together_) return learn_together(members, keys);
        if (!lacking.empty()) train_replicates(lesson_, lacking, call_.environment.executor);
        return all;
    }

  private:
    std::vector<Surrogate> learn_together(const std::vector<Member>& members,
                                          const std::vector<std::string>& keys) {
        const std::string part = keys.front() + ".part";
        auto all = train_together(lesson_, members, call_.environment.executor, keeper_of(part));
        std::vector<StoredBytes> stored;
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i].model = oracle_.model_text();
            all[i].identity = keys[i];
            stored.push_back({all[i].identity, "train", to_bytes(all[i])});
        }
        store_.put(stored, std::span(&part, 1));
        return all;
    }

    Identity with_data(const Table& data, const Table& validation) const {
        Identity identity = before_data_;
        return identity.add(data).add(validation).add(host_cpu());
    }

    // Of those that are one network the company decides the last digits.
    std::vector<std::string> keys_of(const std::vector<Member>& members) const {
        std::vector<std::string> keys;
        Identity company("together", train_version);
        for (const Member& member : members) {
            Identity identity = with_data_;
            if (member.data || member.validation)
                identity = with_data(data_of(lesson_, member), validation_of(lesson_, member));
            identify(options_of(lesson_, member), identity);
            if (call_.has("sampler")) call_.value("sampler").identify(identity);
            keys.push_back(identity.hex());
            company.add(keys.back());
        }
        for (std::size_t i = 0; together_ && i < keys.size(); ++i) keys[i] = Identity(company).add(i).hex();
        return keys;
    }

    TrainKeeper keeper_of(const std::string& part) {
        TrainKeeper keeper;
        keeper.find = [this, part] { return store_.find(part); };
        keeper.keep = [this, part](const std::string& bytes) { store_.put(part, "train", bytes); };
        keeper.account = [this](int found, int made) {
            const std::lock_guard lock(mutex_);
            work_.stored += static_cast<std::size_t>(found);
            work_.computed += static_cast<std::size_t>(made);
        };
        return keeper;
    }

    Replicate replicate(const Member& member, const std::string& whole, Surrogate& result) {
        const std::string part = whole + ".part";
        Replicate one{member, keeper_of(part), {}};
        one.done = [this, whole, part, &result](Surrogate surrogate) {
            surrogate.model = oracle_.model_text();
            surrogate.identity = whole;
            const StoredBytes stored{whole, "train", to_bytes(surrogate)};
            store_.put(std::span(&stored, 1), std::span(&part, 1));
            result = std::move(surrogate);
        };
        return one;
    }

    Call& call_;
    bool together_;
    const Oracle& oracle_;
    const Lesson& lesson_;
    Store& store_;
    Environment::Work& work_;
    std::mutex mutex_;                  // of work_
    Identity before_data_, with_data_;  // what is hashed first; with the lesson's data and validation, too
};

// probes = {hard = table, ...}
std::vector<std::pair<std::string, Table>> probes_of(const Call& call,
                                                     const std::vector<std::string>& targets,
                                                     const std::vector<std::string>& wanted) {
    std::vector<std::pair<std::string, Table>> probes;
    if (!call.has("probes")) return probes;
    const auto* record = call.value("probes").get_if<Record>();
    if (!record) call.fail_type("probes", "record of tables");
    for (const auto& [name, value] : *record) {
        const auto* table = value.get_if<Table>();
        if (!table) call.fail_type("probes", "record of tables");
        if (name == "train" || name == "validation")
            call.fail_at("probes", "the history has a column '" + name + "_loss' of its own");
        probes.emplace_back(name, learnable(call, *table, targets, wanted));
    }
    return probes;
}

const Mlp equation_network{
    .hidden = {128, 128, 128, 128}, .batch_norm = false, .activation = Activation::tanh};

// What has no meaning where a network satisfies an equation.
void check_equation_options(const Call& call) {
    for (const char* name : {"targets", "features", "batch", "loss"})
        if (call.has(name))
            call.fail_at(name, std::string("'") + name +
                                   "' is for columns to learn; the network of an equation has none");
}

// Without data, a training goes on with the rows where `from` ended; the sampler chooses from them first.
Table rows_left(const Call& call, TrainOptions& options) {
    if (!options.from || options.from->memory.rows.width() == 0)
        call.fail("train needs data",
                  "only a training that goes on (from = ...) with a sampler or an equation has its own rows");
    options.losses = options.from->memory.rows.numbers("loss");
    return options.from->memory.rows.without("loss");
}

bool several_seeds(const Call& call) {
    return call.has("seed") && !call.value("seed").get_if<double>();
}

// Whether the replicates are one batched network; not where each goes its own way.
bool together_of(const Call& call, const TrainOptions& options) {
    if (!call.flag("together", false)) return false;
    if (!call.has("replicates") && !list_given(call, "data") && !list_given(call, "validation") &&
        !list_given(call, "from") && !several_seeds(call))
        call.fail_at("together", "'together' is for several networks; there is one");
    if (const auto why = apart(options))
        call.fail_at("together",
                     "with " + *why + " each network goes its own way; they cannot be trained together");
    return true;
}

// What sets trainings apart: each of data, from and seed may be a list, or replicates count seeds.
struct Group {
    std::deque<Table> tables;
    std::vector<Member> members;
    bool is_list = false;  // so is what train gives
};

Group group_of(Call& call, const std::function<Table(const Table&)>& rows,
               const std::function<Table(const Table&)>& checks) {
    Group group;
    const auto replicates = static_cast<std::size_t>(call.whole("replicates", 1, 1, 1000));
    std::vector<std::uint64_t> seeds = call.seeds();
    group.is_list = call.has("replicates");
    group.members.resize(replicates);
    std::string_view first = "replicates";
    const auto found_list = [&](std::string_view name, std::size_t count) {
        if (group.is_list && group.members.size() != count)
            call.fail_at(name, "'" + std::string(name) + "' is a list of " + std::to_string(count) + "; '" +
                                   std::string(first) + "' says " + std::to_string(group.members.size()));
        if (count == 0) call.fail_at(name, "'" + std::string(name) + "' is a list of nothing");
        group.members.resize(count);
        group.is_list = true;
        first = name;
    };
    const auto take_tables = [&](const char* name, const Table* Member::*place, const auto& learnable) {
        const auto* list = list_given(call, name);
        if (!list) return;
        found_list(name, list->size());
        for (std::size_t i = 0; i < list->size(); ++i) {
            const auto* table = (*list)[i].get_if<Table>();
            if (!table) call.fail_type(name, "table or a list of tables");
            group.tables.push_back(learnable(*table));
            group.members[i].*place = &group.tables.back();
        }
    };
    take_tables("data", &Member::data, rows);
    take_tables("validation", &Member::validation, checks);
    if (const auto* list = list_given(call, "from")) {
        found_list("from", list->size());
        for (std::size_t i = 0; i < list->size(); ++i) {
            const auto* surrogate = object_if<SurrogateValue>((*list)[i]);
            if (!surrogate) call.fail_type("from", "surrogate or a list of surrogates");
            group.members[i].from = &surrogate->surrogate;
        }
    }
    if (several_seeds(call)) found_list("seed", seeds.size());
    for (std::size_t i = 0; i < group.members.size(); ++i)
        group.members[i].seed = several_seeds(call) ? seeds[i] : seeds.front() + i;
    return group;
}

Value run_train(Call& call) {
    const auto& oracle = call.object<Oracle>("oracle", "oracle");
    const auto* equation = dynamic_cast<const EquationValue*>(&oracle);
    if (equation) check_equation_options(call);
    Lesson lesson;
    lesson.box = oracle.box;
    lesson.targets = equation              ? equation->equation.fields
                     : call.has("targets") ? call.texts("targets")
                                           : oracle.targets;
    lesson.options = train_options(call, equation ? equation_defaults() : TrainOptions());
    if (equation) {
        lesson.mlp = equation_network;
        lesson.options.equation = &equation->equation;
    }
    if (call.has("network")) lesson.mlp = call.object<MlpValue>("network", "network").mlp;
    if (call.has("features")) lesson.options.features = call.texts("features");
    const auto axes = oracle.box.names();
    auto wanted = axes;
    wanted.insert(wanted.end(), lesson.targets.begin(), lesson.targets.end());
    wanted.insert(wanted.end(), lesson.options.features.begin(), lesson.options.features.end());
    const auto checks = [&](const Table& given) { return learnable(call, given, lesson.targets, wanted); };
    if (call.has("validation") && !list_given(call, "validation"))
        lesson.validation = checks(call.table("validation"));
    lesson.options.probes = probes_of(call, lesson.targets, wanted);
    auto columns = equation ? axes : wanted;  // of the rows to train on
    if (const auto watched = watched_column(lesson.options); !watched.empty()) columns.push_back(watched);
    const auto rows = [&](const Table& given) {
        return learnable(call, given, equation ? oracle.targets : lesson.targets, columns);
    };
    const Group group = group_of(call, rows, checks);
    if (!list_given(call, "data"))
        lesson.data = call.has("data") ? rows(call.table("data")) : rows_left(call, lesson.options);
    if (call.has("sampler")) lesson.options.resample = resample_of(call, columns);

    const auto made = Lessons(call, oracle, lesson, together_of(call, lesson.options)).learn(group.members);
    if (!group.is_list) return make_object(SurrogateValue(made.front()));
    List list;
    for (const Surrogate& surrogate : made) list.push_back(make_object(SurrogateValue(surrogate)));
    return list;
}

std::vector<Surrogate> surrogates(const Call& call, std::string_view name) {
    std::vector<Surrogate> result;
    const auto add = [&](const Value& value) {
        const auto* found = object_if<SurrogateValue>(value);
        if (!found) call.fail_type(name, "surrogate or a list of surrogates");
        result.push_back(found->surrogate);
        result.back().memory = {};
    };
    if (const auto* list = call.value(name).get_if<List>()) {
        for (const Value& each : *list) add(each);
    } else {
        add(call.value(name));
    }
    return result;
}

// join(gates, speeds, of = oracle.targets, validation = v, hard = false)
Value run_join(Call& call) {
    const auto outputs = call.texts("of");
    const Table validation = labelled_rows(call, call.table("validation"), outputs);
    Surrogate surrogate = join(surrogates(call, "gates"), surrogates(call, "speeds"), outputs, validation,
                               call.flag("hard", false));
    Identity identity("join", 1);
    call.value("gates").identify(identity);
    call.value("speeds").identify(identity);
    identity.add(validation).add(int{surrogate.gated->hard});
    surrogate.identity = identity.hex();
    return make_object(SurrogateValue(std::move(surrogate)));
}

Value run_activations(Call& call) {
    return activations(call.object<SurrogateValue>("surrogate", "surrogate").surrogate, call.table("points"));
}

// What the surrogate says of the table's points, behind their columns.
Table predicted(const Call& call, const Surrogate& surrogate, const Table& points) {
    return predict_points(surrogate, points, "points", call.environment.executor,
                          [&](const std::string& text) { call.environment.warn(call.verb + ": " + text); });
}

Value run_predict(Call& call) {
    return predicted(call, call.object<SurrogateValue>("surrogate", "surrogate").surrogate,
                     call.table("points"));
}

// stability(model, points): what the model's equations say of each point, as further columns.
Value run_stability(Call& call) {
    const Model& model = call.object<ModelValue>("model", "model").model;
    const Table& points = call.table("points");
    Identity identity("stability", 2);
    ModelValue(model).identify(identity);
    identity.add(points);
    return memoised(call.environment, identity, "stability",
                    [&] { return with_stability(model, points, "points", call.environment.executor); });
}

Value run_stability_columns(Call& call) {
    const auto names = stability_columns(call.object<ModelValue>("model", "model").model);
    return List(names.begin(), names.end());
}

// {brier, gap, within_one, within_two}
Value run_calibration(Call& call) {
    const auto& surrogate = call.object<SurrogateValue>("surrogate", "surrogate").surrogate;
    if (!surrogate.gated)
        call.fail_at("surrogate", "this surrogate claims no probability and no uncertainty",
                     "those of stdlib/rhythm.rondo do");
    const Table test = labelled_rows(call, call.table("test"), surrogate.outputs);
    if (test.rows() == 0) call.fail_at("test", "the test table has no labelled row");
    const Calibration found = calibration(test, predicted(call, surrogate, test), surrogate.outputs);
    return Record{{"brier", found.brier},
                  {"gap", found.gap},
                  {"within_one", found.within_one},
                  {"within_two", found.within_two}};
}

Value run_score(Call& call) {
    const auto& surrogate = call.object<SurrogateValue>("surrogate", "surrogate").surrogate;
    const Table test = labelled_rows(call, call.table("test"), surrogate.outputs);
    if (test.rows() == 0) call.fail_at("test", "the test table has no labelled row to score against");
    const Score score = rondo::score(test, predicted(call, surrogate, test), surrogate.outputs);
    return Record{{"rmse", score.rmse},
                  {"rmse_norm", score.rmse_norm},
                  {"mean_error", score.mean_error},
                  {"rows", static_cast<double>(test.rows())}};
}

}  // namespace

// Rows without a label cannot be learnt from: dropped, and said.
Table labelled_rows(const Call& call, const Table& data, const std::vector<std::string>& targets) {
    std::vector<std::span<const double>> labels;
    for (const auto& name : targets) labels.push_back(data.numbers(name));
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < data.rows(); ++row) {
        if (std::ranges::all_of(labels, [&](const auto& label) { return std::isfinite(label[row]); }))
            rows.push_back(row);
    }
    if (rows.size() == data.rows()) return data;
    call.environment.warn(call.verb + ": " + std::to_string(data.rows() - rows.size()) + " of " +
                          std::to_string(data.rows()) + " rows have no label and are left out");
    return data.select(rows);
}

void add_surrogate_verbs(Verbs& verbs) {
    verbs["mlp"] = {
        "mlp", {"hidden", "dropout", "batch_norm", "logs", "raw", "activation", "periodic"}, run_mlp};
    verbs["train"] = {
        "train",
        {"oracle",        "data",         "network",   "validation", "epochs",       "warm_up",
         "learning_rate", "weight_decay", "batch",     "patience",   "best_weights", "seed",
         "targets",       "loss",         "optimizer", "schedule",   "finish",       "precision",
         "features",      "from",         "sampler",   "replicates", "together",     "probes"},
        run_train,
        true};
    verbs["plateau"] = {"plateau", {"patience", "factor", "threshold", "watch"}, run_plateau};
    verbs["predict"] = {"predict", {"surrogate", "points"}, run_predict};
    verbs["stability"] = {"stability", {"model", "points"}, run_stability};
    verbs["stability_columns"] = {"stability_columns", {"model"}, run_stability_columns};
    verbs["join"] = {"join", {"gates", "speeds", "of", "validation", "hard"}, run_join};
    verbs["activations"] = {"activations", {"surrogate", "points"}, run_activations};
    verbs["calibration"] = {"calibration", {"surrogate", "test"}, run_calibration};
    verbs["score"] = {"score", {"surrogate", "test"}, run_score};
}

}  // namespace rondo
