#include "runtime/integrate/cvode.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdio>

#include "dsl/syntax/error.h"
#include "runtime/integrate/memory.h"

namespace rondo {
namespace {

[[noreturn]] void refuse(const char* name, double value, const char* expected) {
    char text[120];
    std::snprintf(text, sizeof text, "%s is %g; it must be %s", name, value, expected);
    throw Error(Fault::input, text);
}

void check(const IntegrateOptions& options, double t0, double t1) {
    check_tolerances(options.rtol, options.atol, options.max_steps);
    if (!(options.max_step >= 0)) refuse("max_step", options.max_step, ">= 0");
    if (!std::isfinite(t0)) refuse("the start time", t0, "finite");
    if (!(t1 > t0)) refuse("the end time", t1, "later than the start time");
}

void check_inputs(const OdeSystem& system, std::span<const double> inputs) {
    assert(inputs.size() == system.inputs.size());
    const auto missing = missing_inputs(system, inputs);
    if (missing.empty()) return;
    std::string names;
    for (const auto& name : missing) names += (names.empty() ? "'" : ", '") + name + "'";
    throw Error(Fault::input, "there is no value for " + names + "; give one in the model or set it");
}

}  // namespace

void check_tolerances(double rtol, double atol, long max_steps) {
    if (!(rtol > 0) || !std::isfinite(rtol)) refuse("rtol", rtol, "> 0");
    if (atol < 0) refuse("atol", atol, ">= 0");
    if (max_steps < 1) refuse("max_steps", static_cast<double>(max_steps), ">= 1");
}

Integrator::Integrator(const CompiledModel& model) : memory_(std::make_unique<Memory>(model, nullptr)) {}
Integrator::Integrator(const SlopeCode& code) : memory_(std::make_unique<Memory>(code.model(), &code)) {}
Integrator::Integrator(std::unique_ptr<Memory> memory) : memory_(std::move(memory)) {}
Integrator::~Integrator() = default;
Integrator::Integrator(Integrator&&) noexcept = default;

Integrator Integrator::of_two_ways(const SlopeCode& code) {
    if (const auto why = why_no_adjoint(code.model().system()); !why.empty())
        throw Error(Fault::unsupported, "adjoint sensitivities are not supported: " + why);
    auto memory = std::make_unique<Memory>(code.model(), &code);
    memory->keep_way();
    return Integrator(std::move(memory));
}

std::string why_no_adjoint(const OdeSystem& system) {
    if (const auto why = SlopeCode::why_not(system); !why.empty()) return why;
    if (system.states.empty()) return "the model has no states";
    if (choose_pattern(system).iterative) return "the model is too large";
    return "";
}

Adjoint Integrator::back(std::span<const Pull> pulls) {
    return memory_->back(pulls);
}

Outcome Integrator::run(std::span<const double> inputs, double t0, double t1, const IntegrateOptions& options,
                        Observer& observer, std::span<const Intervention> changes, const Slopes* slopes) {
    check(options, t0, t1);
    check_inputs(memory_->model.system(), inputs);
    // Rounding alone may lead a run astray, below 0 or into a pole: what fails is tried again from the start
    // with tighter tolerances, then also with Adams' method. Runs out of steps stay so.
    IntegrateOptions tighter = options;
    tighter.rtol = std::max(options.rtol / 100, 1e-13);
    tighter.atol = options.atol / 100;
    IntegrateOptions other = tighter;
    other.method = options.method == Method::bdf ? Method::adams : Method::bdf;
    Outcome outcome;
    int attempts = 0;
    for (const auto& rung : {options, tighter, other}) {
        std::copy(inputs.begin(), inputs.end(), memory_->p.begin());
        memory_->model.code().initialize(&t0, memory_->p.data(), memory_->state().data());
        memory_->slopes = slopes ? *slopes : Slopes();
        outcome = memory_->run(inputs, t0, t1, rung, changes, observer);
        outcome.attempts = ++attempts;
        if (outcome.kind != Outcome::Kind::failed || outcome.out_of_steps) break;
    }
    return outcome;
}

Outcome integrate(const CompiledModel& model, std::span<const double> inputs, double t0, double t1,
                  const IntegrateOptions& options, Observer& observer) {
    return Integrator(model).run(inputs, t0, t1, options, observer);
}

std::string sundials_version() {
    char text[40];
    SUNDIALSGetVersion(text, sizeof text);
    return text;
}

}  // namespace rondo
