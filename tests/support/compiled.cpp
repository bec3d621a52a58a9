#include "tests/support/compiled.h"

namespace rondo::testing {

std::shared_ptr<const CompiledModel> compiled(const Network& network,
                                              const std::vector<std::string>& observed) {
    const auto system = std::make_shared<const OdeSystem>(lower(network));
    CompileOptions options;
    for (const std::string& name : observed) options.outputs.push_back(system->output(name).value());
    return compile(system, options);
}

std::vector<double> default_inputs(const CompiledModel& model) {
    std::vector<double> inputs;
    for (const Input& input : model.system().inputs) inputs.push_back(input.value);
    return inputs;
}

}  // namespace rondo::testing
