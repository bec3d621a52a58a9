#include "runtime/surrogate/replicates.h"

#include <memory>

#include "runtime/table/bytes.h"
#include "runtime/table/packed.h"

namespace rondo {

namespace {

Surrogate train_one(const Lesson& lesson, const Member& member, const Executor& executor,
                    const TrainKeeper& keeper = {}) {
    return train(data_of(lesson, member), validation_of(lesson, member), lesson.box, lesson.targets,
                 lesson.mlp, options_of(lesson, member), executor, keeper);
}

std::string setup_of(const Lesson& lesson) {
    const TrainOptions& o = lesson.options;
    Table row;
    pack(row, "task", "train");
    pack(row, "data", to_bytes(lesson.data));
    pack(row, "validation", to_bytes(lesson.validation));
    std::vector<double> lower, upper, log;
    for (const Axis& axis : lesson.box.axes) {
        lower.push_back(axis.lower);
        upper.push_back(axis.upper);
        log.push_back(axis.scale == Scale::log);
    }
    pack(row, "axis", lesson.box.names());
    pack(row, "lower", lower);
    pack(row, "upper", upper);
    pack(row, "log", log);
    pack(row, "target", lesson.targets);
    pack(row, "hidden", std::vector<double>(lesson.mlp.hidden.begin(), lesson.mlp.hidden.end()));
    pack(row, "mlp",
         std::vector<double>{lesson.mlp.dropout, double(lesson.mlp.batch_norm), double(lesson.mlp.logs),
                             double(lesson.mlp.activation), double(lesson.mlp.raw)});
    std::vector<std::string> circles;
    std::vector<double> waves;
    for (const auto& [axis, n] : lesson.mlp.periodic) {
        circles.push_back(axis);
        waves.push_back(n);
    }
    pack(row, "circle", circles);
    pack(row, "waves", waves);
    pack(row, "options",
         std::vector<double>{double(o.epochs), double(o.warm_up), o.learning_rate, o.weight_decay,
                             double(o.batch), double(o.patience), double(o.best_weights), double(o.device),
                             double(o.loss), double(o.optimizer), double(o.schedule), double(o.finish),
                             double(o.single)});
    pack(row, "feature", o.features);
    pack(row, "plateau",
         std::vector<double>{double(o.plateau.patience), o.plateau.factor, o.plateau.threshold});
    pack(row, "watch", o.plateau.watch);
    std::vector<std::string> names, tables;
    for (const auto& [name, table] : o.probes) {
        names.push_back(name);
        tables.push_back(to_bytes(table));
    }
    pack(row, "probe", names);
    pack(row, "probe_rows", tables);
    if (o.from) pack(row, "from", to_bytes(*o.from));
    return to_bytes(row);
}

Lesson lesson_from(const Table& row, Surrogate& from) {
    Lesson lesson;
    lesson.data = table_from_bytes(unpacked_text(row, "data"));
    lesson.validation = table_from_bytes(unpacked_text(row, "validation"));
    const auto names = unpacked_texts(row, "axis");
    const auto lower = unpacked_numbers(row, "lower"), upper = unpacked_numbers(row, "upper"),
               log = unpacked_numbers(row, "log");
    for (std::size_t i = 0; i < names.size(); ++i)
        lesson.box.axes.push_back({names[i], lower[i], upper[i], log[i] != 0 ? Scale::log : Scale::linear});
    lesson.targets = unpacked_texts(row, "target");
    lesson.mlp.hidden.clear();
    for (const double width : unpacked_numbers(row, "hidden"))
        lesson.mlp.hidden.push_back(static_cast<int>(width));
    const auto mlp = unpacked_numbers(row, "mlp"), o = unpacked_numbers(row, "options"),
               plateau = unpacked_numbers(row, "plateau");
    lesson.mlp.dropout = mlp[0];
    lesson.mlp.batch_norm = mlp[1] != 0;
    lesson.mlp.logs = mlp[2] != 0;
    lesson.mlp.activation = static_cast<Activation>(mlp[3]);
    lesson.mlp.raw = mlp[4] != 0;
    const auto circles = unpacked_texts(row, "circle");
    const auto waves = unpacked_numbers(row, "waves");
    for (std::size_t i = 0; i < circles.size(); ++i)
        lesson.mlp.periodic.emplace_back(circles[i], static_cast<int>(waves[i]));
    lesson.options = {.epochs = int(o[0]),
                      .warm_up = int(o[1]),
                      .learning_rate = o[2],
                      .weight_decay = o[3],
                      .batch = int(o[4]),
                      .patience = int(o[5]),
                      .best_weights = o[6] != 0,
                      .device = static_cast<Device>(o[7]),
                      .loss = static_cast<Loss>(o[8]),
                      .optimizer = static_cast<Optimizer>(o[9]),
                      .schedule = static_cast<Schedule>(o[10]),
                      .plateau = {int(plateau[0]), plateau[1], plateau[2], unpacked_text(row, "watch")},
                      .finish = int(o[11]),
                      .single = o[12] != 0,
                      .features = unpacked_texts(row, "feature")};
    const auto probes = unpacked_texts(row, "probe"), tables = unpacked_texts(row, "probe_rows");
    for (std::size_t i = 0; i < probes.size(); ++i)
        lesson.options.probes.emplace_back(probes[i], table_from_bytes(tables[i]));
    if (row.find("from")) {
        from = from_bytes(unpacked_text(row, "from"), "surrogate");
        lesson.options.from = &from;
    }
    return lesson;
}

}  // namespace

TrainOptions options_of(const Lesson& lesson, const Member& member) {
    TrainOptions options = lesson.options;
    options.seed = member.seed;
    if (member.from) options.from = member.from;
    return options;
}

void train_replicates(const Lesson& lesson, const std::vector<Replicate>& replicates,
                      const Executor& executor) {
    // A resampler is a study's function, which one thread at a time may call; one training shows its epochs.
    if (lesson.options.resample || replicates.size() == 1) {
        for (const Replicate& one : replicates) one.done(train_one(lesson, one.member, executor, one.keeper));
        return;
    }
    const Executor quiet = executor.quiet();
    const auto serve = [&](int, Feed& feed) {
        while (const auto i = feed.next()) {
            const Replicate& one = replicates[*i];
            one.done(train_one(lesson, one.member, quiet, one.keeper));
            feed.done();
        }
    };
    // The formulas of an equation do not travel.
    const bool shared = executor.crew() && !lesson.options.equation;
    Parcels parcels;
    if (shared) parcels.setup = setup_of(lesson);
    parcels.pack = [&](std::size_t first, std::size_t last) {
        std::vector<std::string> seeds, tables, checks, origins;
        for (std::size_t i = first; i < last; ++i) {
            const Member& member = replicates[i].member;
            seeds.push_back(std::to_string(member.seed));
            tables.push_back(member.data ? to_bytes(*member.data) : "");
            checks.push_back(member.validation ? to_bytes(*member.validation) : "");
            origins.push_back(member.from ? to_bytes(*member.from) : "");
        }
        Table items;
        items.set("seed", std::move(seeds));
        items.set("data", std::move(tables));
        items.set("validation", std::move(checks));
        items.set("from", std::move(origins));
        return to_bytes(items);
    };
    parcels.unpack = [&](std::size_t first, std::size_t last, std::string_view answer) {
        const Table trained = table_from_bytes(answer);
        for (std::size_t i = first; i < last; ++i) {
            Surrogate surrogate = from_bytes(trained.at("surrogate").texts()[i - first], "surrogate");
            const auto& account = replicates[i].keeper.account;
            if (account) account(0, static_cast<int>(surrogate.history.rows()));
            replicates[i].done(std::move(surrogate));
        }
    };
    executor.feed("training", replicates.size(), serve, shared ? &parcels : nullptr);
}

std::function<Table(const Table&, const Executor&)> train_part(const Table& setup) {
    struct Task {
        Surrogate from;
        Lesson lesson;
    };
    const auto task = std::make_shared<Task>();
    task->lesson = lesson_from(setup, task->from);
    return [task](const Table& items, const Executor& executor) {
        const auto &seeds = items.at("seed").texts(), &tables = items.at("data").texts(),
                   &checks = items.at("validation").texts(), &origins = items.at("from").texts();
        std::vector<std::string> trained(seeds.size());
        const Executor quiet = executor.quiet();
        executor.map("training", seeds.size(), [&](int, std::size_t i) {
            Member member{std::stoull(seeds[i])};
            const Table data = tables[i].empty() ? Table() : table_from_bytes(tables[i]);
            const Table validation = checks[i].empty() ? Table() : table_from_bytes(checks[i]);
            const Surrogate from = origins[i].empty() ? Surrogate() : from_bytes(origins[i], "surrogate");
            if (!tables[i].empty()) member.data = &data;
            if (!checks[i].empty()) member.validation = &validation;
            if (!origins[i].empty()) member.from = &from;
            trained[i] = to_bytes(train_one(task->lesson, member, quiet));
        });
        Table result;
        result.set("surrogate", std::move(trained));
        return result;
    };
}

}  // namespace rondo
