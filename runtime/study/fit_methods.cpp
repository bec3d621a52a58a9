#include "runtime/study/fit_methods.h"

#include "runtime/study/objects.h"
#include "runtime/table/csv.h"

namespace rondo {
namespace {

std::string text(std::size_t n) {
    return std::to_string(n);
}

std::size_t count(const Call& call, std::string_view name, std::size_t fallback, long least) {
    return static_cast<std::size_t>(call.whole(name, static_cast<long>(fallback), least, 100'000'000));
}

double within(const Call& call, const std::string& name, double fallback, double least, double most) {
    const double value = call.number(name, fallback);
    if (!(value >= least && value <= most))
        call.fail_at(name, name + " is " + shortest(value) + "; it must lie within " + shortest(least) +
                               ".." + shortest(most));
    return value;
}

constexpr double large = 1e6;

Value run_genetic(Call& call) {
    GeneticOptions options = default_genetic();
    options.parents = count(call, "parents", options.parents, 2);
    options.population = count(call, "population", options.population, static_cast<long>(options.parents));
    options.offspring = count(call, "offspring", options.offspring, 1);
    options.generations = count(call, "generations", options.generations, 0);
    options.elitist = call.flag("elitist", options.elitist);
    options.crossover.adapt = call.flag("adapt", options.crossover.adapt);
    options.crossover.redraw = call.flag("redraw", options.crossover.redraw);
    options.crossover.variance =
        within(call, "variance", 1 / static_cast<double>(options.parents), 1e-6, large);
    return make_object(genetic_value(options, false));
}

// The constants of the published work, AREX as its primary source has it.
Value run_published(Call& call) {
    GeneticOptions options;
    options.parents = count(call, "parents", options.parents, 2);
    options.population = count(call, "population", options.population, static_cast<long>(options.parents));
    options.generations = count(call, "generations", options.generations, 0);
    options.crossover.adapt = call.flag("adapt", true);
    options.crossover.variance =
        within(call, "variance", 1 / static_cast<double>(options.parents - 1), 1e-6, large);
    return make_object(genetic_value(options, true));
}

Value run_multi_start(Call& call) {
    MultiStart settings;
    settings.starts = count(call, "starts", settings.starts, 1);
    settings.descent.iterations = count(call, "iterations", settings.descent.iterations, 1);
    settings.descent.tolerance = within(call, "tolerance", settings.descent.tolerance, 0, 1);
    return make_object(MultiStartValue(settings, "method",
                                       "multi-start least squares: starts " + text(settings.starts) +
                                           ", iterations " + text(settings.descent.iterations) +
                                           ", tolerance " + shortest(settings.descent.tolerance)));
}

Value run_cma(Call& call) {
    StrategyOptions options;
    options.evaluations = call.whole("evaluations", options.evaluations, 1, 1'000'000'000);
    options.of_a_restart = call.whole("restart", options.of_a_restart, 1, 1'000'000'000);
    options.population = count(call, "population", options.population, 0);
    if (options.population > 0 && options.population < 4)
        call.fail_at("population",
                     "population must be at least 4, or 0 to choose it by the number of free parameters");
    options.step = within(call, "step", options.step, 1e-6, 1);
    return make_object(StrategyValue(options, "method",
                                     "CMA-ES: evaluations " + std::to_string(options.evaluations) +
                                         ", restart after " + std::to_string(options.of_a_restart) +
                                         " with twice the population, first " +
                                         (options.population ? text(options.population) : "4 + 3 ln(n)") +
                                         ", step " + shortest(options.step)));
}

Value run_powell(Call& call) {
    Polish polish;
    polish.best = count(call, "best", polish.best, 1);
    polish.powell.calls = count(call, "calls", polish.powell.calls, 1);
    polish.powell.xtol = polish.powell.ftol = within(call, "tolerance", polish.powell.ftol, 0, 1);
    return make_object(powell_value(polish));
}

Value run_adaptive(Call& call) {
    Termination termination{Termination::Kind::adaptive, {}, {}};
    AdaptiveRule& rule = termination.adaptive;
    rule.quantile = within(call, "quantile", rule.quantile, 1e-9, 1);
    rule.alpha = within(call, "alpha", rule.alpha, 1e-9, large);
    rule.beta = within(call, "beta", rule.beta, 0, large);
    rule.grace = within(call, "grace", rule.grace, 0, 1);
    rule.floored = call.flag("floored", false);
    return make_object(termination_value(termination));
}

Value run_lossless(Call& call) {
    Termination termination;
    using Order = LosslessRule::Order;
    if (call.has("order"))
        termination.lossless.order =
            call.choice<Order>("order", {{"best_first", Order::best_first}, {"sequential", Order::by_index}});
    termination.lossless.block = count(call, "block", termination.lossless.block, 1);
    return make_object(termination_value(termination));
}

}  // namespace

GeneticOptions default_genetic() {
    GeneticOptions options;
    options.elitist = true;
    options.crossover.adapt = false;
    options.crossover.variance = 1 / static_cast<double>(options.parents);
    return options;
}

GeneticValue genetic_value(const GeneticOptions& options, bool published) {
    std::string words = published ? "published" : "genetic";
    words += ": population " + text(options.population) + ", offspring " + text(options.offspring) +
             ", parents " + text(options.parents) + ", generations " + text(options.generations) + ", " +
             (options.elitist ? "elitist" : "JGG") + ", AREX of variance " +
             shortest(options.crossover.variance) + (options.crossover.adapt ? " adapted" : " not adapted") +
             (options.crossover.redraw ? ", redrawn" : "");
    return {{options, published}, "method", words};
}

TerminationValue termination_value(const Termination& termination) {
    const AdaptiveRule& rule = termination.adaptive;
    std::string words = "none";
    if (termination.kind == Termination::Kind::adaptive)
        words = "adaptive: quantile " + shortest(rule.quantile) + ", alpha " + shortest(rule.alpha) +
                ", beta " + shortest(rule.beta) + ", grace " + shortest(rule.grace) +
                (rule.floored ? ", floored" : "");
    if (termination.kind == Termination::Kind::lossless) {
        const auto [order, block] = termination.lossless;
        words = "lossless: ";
        words += order == LosslessRule::Order::best_first ? "best first"
                 : order == LosslessRule::Order::by_index ? "sequential"
                                                          : "in the solver's order";
        if (block > 0) words += ", blocks of " + text(block);
    }
    return {termination, "termination", words};
}

PowellValue powell_value(const Polish& polish) {
    return {polish, "polish",
            "powell: best " + text(polish.best) + ", calls " + text(polish.powell.calls) + ", tolerance " +
                shortest(polish.powell.ftol)};
}

void add_fit_methods(Verbs& verbs) {
    verbs["genetic"] = {
        "genetic",
        {"population", "offspring", "parents", "generations", "elitist", "adapt", "variance", "redraw"},
        run_genetic};
    verbs["published"] = {
        "published", {"population", "parents", "generations", "adapt", "variance"}, run_published};
    verbs["multi_start"] = {"multi_start", {"starts", "iterations", "tolerance"}, run_multi_start};
    verbs["cma"] = {"cma", {"evaluations", "restart", "population", "step"}, run_cma};
    verbs["powell"] = {"powell", {"best", "calls", "tolerance"}, run_powell};
    verbs["adaptive"] = {"adaptive", {"quantile", "alpha", "beta", "grace", "floored"}, run_adaptive};
    verbs["lossless"] = {"lossless", {"order", "block"}, run_lossless};
    verbs["none"] = {
        "none", {}, [](Call&) { return make_object(NothingValue({}, "choice of nothing", "none")); }};
}

}  // namespace rondo
