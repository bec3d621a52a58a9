#include "tests/support/fits.h"

#include "dsl/model/resolve.h"
#include "dsl/syntax/parse.h"
#include "runtime/table/file.h"

namespace rondo::test {
namespace {

struct Recipe {
    std::string model;
    std::vector<Setting> changed;
    std::vector<std::string> free;
    std::vector<Condition> conditions;
    std::vector<std::string> observables;
    double end;
    std::size_t points;
};

Recipe recipe(const std::string& name) {
    if (name == "lv")
        return {"lotka_volterra",
                {},
                {"k1", "k2", "k3"},
                {{"a", {{"x1", 2}, {"x2", 1}}}, {"b", {{"x1", 1}, {"x2", 2}}}},
                {"x1", "x2"},
                50,
                100};
    const std::vector<std::string> rates{"k1", "k2", "k3", "k4", "k5", "k6"};
    if (name == "gw")
        return {
            "goodwin",
            {},
            rates,
            {{"a", {{"x1", 0.2}, {"x2", 0.5}, {"x3", 1.2}}}, {"b", {{"x1", 0.3}, {"x2", 0.5}, {"x3", 1}}}},
            {"x3"},
            50,
            100};
    auto with_n = rates;
    with_n.push_back("n");
    return {"goodwin",
            {{"k2", 0.1}, {"k4", 0.1}, {"k6", 0.1}},
            with_n,
            {{"a", {{"x1", 0.01}, {"x2", 0.25}, {"x3", 2.5}}}},
            {"x1", "x2", "x3"},
            200,
            400};
}

}  // namespace

Model library_model(const std::string& name) {
    Sources sources;
    Diagnostics diagnostics(sources);
    const std::string file = PROJECT_SOURCE "/stdlib/models/" + name + ".ant";
    Network network = resolve(parse_models(sources.add(file, read_file(file)), diagnostics), diagnostics);
    diagnostics.throw_if_errors();
    return Model(std::move(network));
}

SolverOptions restarting() {
    SolverOptions solver;
    solver.restart = true;
    solver.control.max_step = 0.5;
    return solver;
}

Measurements simulated(const Model& model, const std::vector<Condition>& conditions,
                       const std::vector<std::string>& observables, double end, std::size_t points) {
    Measurements data{{}, observables, {}, {}};
    for (std::size_t j = 1; j <= points; ++j)
        data.times.push_back(end * static_cast<double>(j) / static_cast<double>(points));
    const auto code = model.compiled(observables);
    for (const auto& condition : conditions) {
        data.conditions.push_back(condition.name);
        DormandPrince run(*code, {1e-10, 1e-13});
        run.start(model.with(condition.settings).inputs(), 0);
        for (const double time : data.times) {
            run.restart_to(time);
            std::vector<double> values(observables.size());
            code->code().outputs(&time, run.state().data(), run.parameters().data(), values.data());
            data.values.insert(data.values.end(), values.begin(), values.end());
        }
    }
    return data;
}

Published published(const std::string& name, const SolverOptions& solver, double factor) {
    const Recipe made = recipe(name);
    const Model model = library_model(made.model).with(made.changed);
    Box box;
    std::vector<double> truth;
    std::vector<std::string> whole;
    for (const auto& id : made.free) {
        truth.push_back(model.inputs()[*model.system().input(id)]);
        if (id == "n") {
            whole.push_back(id);
            box.axes.push_back({id, 1, 12});
        } else {
            box.axes.push_back({id, truth.back() / factor, truth.back() * factor, Scale::log});
        }
    }
    FitOptions options;
    options.solver = solver;
    const Measurements data = simulated(model, made.conditions, made.observables, made.end, made.points);
    return {name, truth, FitProblem(model, data, made.conditions, search_space(box, whole), options)};
}

std::vector<double> Published::true_z() const {
    std::vector<double> z;
    for (std::size_t i = 0; i < truth.size(); ++i) z.push_back(problem.space().coordinates[i].at(truth[i]));
    return z;
}

}  // namespace rondo::test
