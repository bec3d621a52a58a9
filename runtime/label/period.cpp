#include "runtime/label/period.h"

#include "runtime/label/label.h"

namespace rondo {

Period find_period(const Model& model, const std::vector<std::string>& of) {
    const auto fail = [&](const std::string& why) {
        throw Error(Fault::numerics, "the period of '" + model.network().id + "': " + why);
    };
    model.check_inputs(model.inputs());
    const std::vector<double> inputs(model.inputs().begin(), model.inputs().end());
    const auto code = model.compiled(of);
    const Label label = label_cycle(*code, {inputs}, {}, Executor(1)).front();
    if (label.rhythm != Rhythm::sustained)
        fail("its run is " + std::string(to_text(label.rhythm)) +
             (label.reason.empty() ? "" : " (" + label.reason + ")") + "; there is no rhythm to time");
    const OrbitFinder finder(code);
    Period result;
    result.orbit = finder.find(inputs, label.y, 1 / label.frequency);
    if (!result.orbit.failure.empty()) fail(result.orbit.failure);
    std::vector<std::string> names;
    std::vector<double> values, derivatives, relative;
    for (const auto& sensitivity : finder.sensitivities(inputs, result.orbit)) {
        names.push_back(sensitivity.input);
        values.push_back(sensitivity.value);
        derivatives.push_back(sensitivity.derivative);
        relative.push_back(sensitivity.relative(result.orbit.period));
    }
    result.sensitivities.set("parameter", std::move(names));
    result.sensitivities.set("value", std::move(values));
    result.sensitivities.set("derivative", std::move(derivatives));
    result.sensitivities.set("relative", std::move(relative));
    return result;
}

}  // namespace rondo
