#include "runtime/study/objects.h"

#include "dsl/model/print.h"
#include "runtime/table/bytes.h"
#include "runtime/table/csv.h"

namespace rondo {

namespace {

Value to_list(const std::vector<std::string>& names) {
    List list;
    for (const auto& name : names) list.emplace_back(name);
    return list;
}

template <class Parts>
std::vector<std::string> ids(const Parts& parts) {
    std::vector<std::string> names;
    for (const auto& part : parts) names.push_back(part.id);
    return names;
}

std::string counted(std::size_t n, const std::string& what) {
    return std::to_string(n) + " " + what + (n == 1 || what.ends_with("s") ? "" : "s");
}

}  // namespace

std::string ModelValue::print() const {
    const auto& network = model.network();
    return "model " + network.id + ": " + counted(network.species.size(), "species") + ", " +
           counted(network.reactions.size(), "reaction") + ", " +
           counted(model.system().inputs.size(), "input");
}

std::optional<Value> ModelValue::field(std::string_view name) const {
    if (const auto input = model.system().input(name)) return Value(model.inputs()[*input]);
    if (name == "species") return to_list(ids(model.network().species));
    if (name == "parameters") return to_list(ids(model.network().parameters));
    if (name == "reactions") return to_list(ids(model.network().reactions));
    return std::nullopt;
}

std::vector<std::string> ModelValue::fields() const {
    auto names = ids(model.system().inputs);
    names.insert(names.end(), {"species", "parameters", "reactions"});
    return names;
}

std::optional<Value> ModelValue::with(const Call& call) const {
    std::vector<Setting> settings;
    for (const auto& given : call.given) {
        const auto* value = given.value.get_if<double>();
        if (given.name.empty() || !value) call.fail("'with' takes NAME = NUMBER, e.g. with (k1 = 0.5)");
        settings.emplace_back(given.name, *value);
    }
    try {
        return make_object(ModelValue(model.with(settings)));
    } catch (const Error& error) {
        call.fail(error.what());
    }
}

void ModelValue::identify(Identity& identity) const {
    identity.add("model").add(model.canonical());
    for (const auto& unsaid : lost_in_antimony(model.network())) identity.add(unsaid);
    for (const double value : model.inputs()) identity.add(value);
}

std::string BoxValue::print() const {
    std::string text = "box";
    for (const auto& axis : box.axes) {
        text += (text == "box" ? " " : ", ") + axis.name + " = " + shortest(axis.lower) + ".." +
                shortest(axis.upper) + (axis.scale == Scale::log ? " (log)" : "");
    }
    return text;
}

std::optional<Value> BoxValue::field(std::string_view name) const {
    for (const auto& axis : box.axes) {
        if (axis.name == name) return Value(Record{{"lower", axis.lower}, {"upper", axis.upper}});
    }
    if (name == "names") return to_list(box.names());
    return std::nullopt;
}

std::vector<std::string> BoxValue::fields() const {
    auto names = box.names();
    names.emplace_back("names");
    return names;
}

void identify(const Box& box, Identity& identity) {
    identity.add("box");
    for (const auto& axis : box.axes) {
        identity.add(axis.name).add(axis.lower).add(axis.upper).add(static_cast<std::int64_t>(axis.scale));
    }
}

void BoxValue::identify(Identity& identity) const {
    rondo::identify(box, identity);
}

std::optional<Value> Oracle::field(std::string_view name) const {
    if (name == "box") return make_object(BoxValue(box));
    if (name == "targets") return to_list(targets);
    return std::nullopt;
}

Value Oracle::call(Call& call) const {
    call.bind({"points"});
    const Table& points = call.table("points");
    for (const auto& axis : box.axes) {
        if (!points.find(axis.name)) {
            call.fail_at("points",
                         "the table has no column '" + axis.name + "', a coordinate of the oracle's box");
        }
    }
    return label(points, call.environment);
}

std::string MlpValue::print() const {
    std::string text = "network of hidden layers ";
    for (std::size_t i = 0; i < mlp.hidden.size(); ++i)
        text += (i ? ", " : "") + std::to_string(mlp.hidden[i]);
    return mlp.dropout > 0 ? text + ", dropout " + shortest(mlp.dropout) : text;
}

void MlpValue::identify(Identity& identity) const {
    identity.add("mlp").add(mlp.dropout).add(int{mlp.batch_norm}).add(int{mlp.logs});
    for (const int width : mlp.hidden) identity.add(std::int64_t{width});
    // Nothing is added for what older results were made with, so that they are still found.
    if (mlp.activation == Activation::tanh) identity.add("tanh");
    if (mlp.raw) identity.add("raw");
    for (const auto& [axis, waves] : mlp.periodic) identity.add(axis).add(std::int64_t{waves});
}

std::string SurrogateValue::print() const {
    std::string text = "surrogate of";
    for (const auto& name : surrogate.outputs) text += " " + name;
    text += " over";
    for (const auto& name : surrogate.box.names()) text += " " + name;
    return text + ", trained for " + counted(surrogate.history.rows(), "epoch") + ", identity " +
           surrogate.identity.substr(0, 12);
}

std::optional<Value> SurrogateValue::field(std::string_view name) const {
    if (name == "box") return make_object(BoxValue(surrogate.box));
    if (name == "outputs") return to_list(surrogate.outputs);
    if (name == "history") return Value(surrogate.history);
    if (name == "rows") return Value(surrogate.memory.rows);
    if (name == "identity") return Value(surrogate.identity);
    return std::nullopt;
}

void SurrogateValue::identify(Identity& identity) const {
    identity.add("surrogate").add(surrogate.identity);
}

std::string PlotValue::print() const {
    return plot.title.empty() ? "plot" : "plot \"" + plot.title + "\"";
}

void PlotValue::identify(Identity& identity) const {
    identity.add("plot").add(to_svg(plot));
}

RowKeeper row_keeper(Environment& environment, std::string verb, const Identity& what) {
    const auto identity = [of = what.hex()](const Table& points) {
        return Identity("rows", 1).add(of).add(points).hex();
    };
    const auto part = [](const std::string& whole) { return whole + ".part"; };
    RowKeeper keeper;
    keeper.find = [&environment, identity, part](const Table& points) -> std::optional<Table> {
        const std::string whole = identity(points);
        auto bytes = environment.store.find(whole);
        if (!bytes) bytes = environment.store.find(part(whole));
        return bytes ? std::optional(table_from_bytes(*bytes)) : std::nullopt;
    };
    keeper.keep = [&environment, identity, part, verb](std::span<const RowKeeper::Block> blocks) {
        std::vector<StoredBytes> results;
        std::vector<std::string> obsolete;
        for (const auto& block : blocks) {
            const std::string whole = identity(block.points);
            results.push_back({block.whole ? whole : part(whole), verb, to_bytes(block.results)});
            if (block.whole) obsolete.push_back(part(whole));
        }
        environment.store.put(results, obsolete);
    };
    keeper.account = [&environment, verb](const RowKeeper::Account& account) {
        environment.integration[verb] = account.method;
        auto& work = environment.work[verb];
        work.computed += account.made;
        work.stored += account.found;
        work.rhs_calls += account.rhs_calls;
    };
    return keeper;
}

Table memoised(Environment& environment, const Identity& identity, std::string_view verb,
               const std::function<Table()>& compute) {
    auto& work = environment.work[std::string(verb)];
    if (const auto bytes = environment.store.find(identity.hex())) {
        ++work.stored;
        return table_from_bytes(*bytes);
    }
    Table result = compute();
    ++work.computed;
    environment.store.put(identity.hex(), verb, to_bytes(result));
    return result;
}

Verbs all_verbs() {
    Verbs verbs;
    add_core_verbs(verbs);
    add_formula_verbs(verbs);
    add_analytic_verbs(verbs);
    add_equation_verbs(verbs);
    add_model_verbs(verbs);
    add_balance_verbs(verbs);
    add_steady_verbs(verbs);
    add_estimate_verbs(verbs);
    add_likelihood_verbs(verbs);
    add_sample_verbs(verbs);
    add_choose_verbs(verbs);
    add_oracle_verbs(verbs);
    add_surrogate_verbs(verbs);
    add_report_verbs(verbs);
    add_file_verbs(verbs);
    return verbs;
}

}  // namespace rondo
