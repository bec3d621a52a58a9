// surrogate_verbs.cpp: mlp, train, predict, score.
#include <algorithm>
#include <cmath>

#include "jit/compile.h"
#include "runtime/study/objects.h"
#include "runtime/surrogate/score.h"

namespace rondo {

namespace {

constexpr int train_version = 1;

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
    return make_object(MlpValue(std::move(mlp)));
}

TrainOptions train_options(Call& call) {
    TrainOptions options;
    options.epochs = static_cast<int>(call.whole("epochs", options.epochs, 1, 10'000'000));
    options.warm_up =
        static_cast<int>(call.whole("warm_up", std::min(options.warm_up, options.epochs), 0, options.epochs));
    options.learning_rate = call.number("learning_rate", options.learning_rate);
    if (!(options.learning_rate > 0)) call.fail_at("learning_rate", "learning_rate must be positive");
    options.weight_decay = call.number("weight_decay", options.weight_decay);
    if (!(options.weight_decay >= 0)) call.fail_at("weight_decay", "weight_decay must not be negative");
    options.patience = static_cast<int>(call.whole("patience", options.patience, 0, 10'000'000));
    options.batch = static_cast<int>(call.whole("batch", options.batch, 0, 100'000'000));
    options.best_weights = call.flag("best_weights", options.best_weights);
    options.device = call.environment.device;
    options.seed = call.seed();
    return options;
}

// Rows without a label cannot be learnt from: dropped, and said.
Table labelled_rows(const Call& call, const Table& data, const std::vector<std::string>& targets) {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < data.rows(); ++row) {
        if (std::ranges::all_of(targets,
                                [&](const auto& name) { return std::isfinite(data.numbers(name)[row]); }))
            rows.push_back(row);
    }
    if (rows.size() == data.rows()) return data;
    call.environment.warn(call.verb + ": " + std::to_string(data.rows() - rows.size()) + " of " +
                          std::to_string(data.rows()) + " rows have no label and are left out");
    return data.select(rows);
}

Value run_train(Call& call) {
    const auto& oracle = call.object<Oracle>("oracle", "oracle");
    auto wanted = oracle.box.names();
    wanted.insert(wanted.end(), oracle.targets.begin(), oracle.targets.end());
    const Table data = labelled_rows(call, call.table("data"), oracle.targets).columns(wanted);
    const Table validation =
        call.has("validation") ? labelled_rows(call, call.table("validation"), oracle.targets).columns(wanted)
                               : Table();
    const Mlp mlp = call.has("network") ? call.object<MlpValue>("network", "network").mlp : Mlp();
    const TrainOptions options = train_options(call);

    Identity identity("train", train_version);
    oracle.identify(identity);
    MlpValue(mlp).identify(identity);
    identity.add(data).add(validation).add(host_cpu());
    identity.add(std::int64_t{options.epochs}).add(std::int64_t{options.warm_up}).add(options.learning_rate);
    identity.add(options.weight_decay)
        .add(std::int64_t{options.patience})
        .add(static_cast<std::int64_t>(options.seed));
    identity.add(static_cast<std::int64_t>(options.device)).add(std::int64_t{options.batch});
    identity.add(std::int64_t{options.best_weights});
    const std::string whole = identity.hex(), part = whole + ".part";
    Store& store = call.environment.store;
    auto& work = call.environment.work["train"];
    if (const auto bytes = store.find(whole)) {
        work.stored += from_bytes(*bytes, "stored surrogate").history.rows();
        return make_object(SurrogateValue(from_bytes(*bytes, "stored surrogate")));
    }
    TrainKeeper keeper;
    keeper.find = [&] { return store.find(part); };
    keeper.keep = [&](const std::string& bytes) { store.put(part, "train", bytes); };
    keeper.account = [&](int found, int made) {
        work.stored += static_cast<std::size_t>(found);
        work.computed += static_cast<std::size_t>(made);
    };
    Surrogate surrogate =
        train(data, validation, oracle.box, oracle.targets, mlp, options, call.environment.executor, keeper);
    surrogate.model = oracle.model_text();
    surrogate.identity = whole;
    const StoredBytes result{whole, "train", to_bytes(surrogate)};
    store.put(std::span(&result, 1), std::span(&part, 1));
    return make_object(SurrogateValue(std::move(surrogate)));
}

Value run_predict(Call& call) {
    const auto& surrogate = call.object<SurrogateValue>("surrogate", "surrogate").surrogate;
    const Table& points = call.table("points");
    if (const std::size_t count = outside(surrogate.box, points)) {
        call.environment.warn("predict: " + std::to_string(count) + " of " + std::to_string(points.rows()) +
                              " points lie outside the box the surrogate was trained on");
    }
    return predict(surrogate, set_aside(points, surrogate.outputs));
}

Value run_score(Call& call) {
    const auto& surrogate = call.object<SurrogateValue>("surrogate", "surrogate").surrogate;
    const Table test = labelled_rows(call, call.table("test"), surrogate.outputs);
    if (test.rows() == 0) call.fail_at("test", "the test table has no labelled row to score against");
    const Score score =
        rondo::score(test, predict(surrogate, set_aside(test, surrogate.outputs)), surrogate.outputs);
    return Record{{"rmse", score.rmse},
                  {"rmse_norm", score.rmse_norm},
                  {"mean_error", score.mean_error},
                  {"rows", static_cast<double>(test.rows())}};
}

}  // namespace

void add_surrogate_verbs(Verbs& verbs) {
    verbs["mlp"] = {"mlp", {"hidden", "dropout", "batch_norm"}, run_mlp};
    verbs["train"] = {"train",
                      {"oracle", "data", "network", "validation", "epochs", "warm_up", "learning_rate",
                       "weight_decay", "batch", "patience", "best_weights", "seed"},
                      run_train,
                      true};
    verbs["predict"] = {"predict", {"surrogate", "points"}, run_predict};
    verbs["score"] = {"score", {"surrogate", "test"}, run_score};
}

}  // namespace rondo
