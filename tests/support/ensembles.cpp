#include "tests/support/ensembles.h"

#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

#include "dsl/model/resolve.h"
#include "dsl/syntax/parse.h"
#include "jit/graph/fold.h"
#include "tests/support/compiled.h"

namespace rondo::testing {
namespace {

// Field and Noyes' three variables (Hairer and Wanner, Solving Ordinary Differential Equations II, section
// IV.10).
constexpr const char* oregonator = R"(
model oregonator
  s = 77.27;  q = 8.375e-6;  w = 0.161
  x = 1;  y = 2;  z = 3
  x' = s*(y + x*(1 - q*x - y))
  y' = (z - (1 + x)*y)/s
  z' = w*(x - z)
end
)";

std::string stdlib_model(const std::string& name) {
    const std::string path = STDLIB_MODELS "/" + name + ".ant";
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

Network read(const std::string& text) {
    Sources sources;
    Diagnostics diagnostics{sources};
    const auto file = sources.add("model.ant", text);
    return resolve(parse_models(file, diagnostics), diagnostics);
}

// As simulate(..., over = points) compiles them: the exponent n is a number.
std::shared_ptr<const CompiledModel> folded(const CompiledModel& model,
                                            const std::vector<std::string>& outputs) {
    std::vector<std::string> varying;
    for (const Input& input : model.system().inputs)
        if (input.id != "n") varying.push_back(input.id);
    const auto system =
        std::make_shared<const OdeSystem>(fold_exponents(model.system(), default_inputs(model), varying));
    CompileOptions options;
    for (const auto& name : outputs) options.outputs.push_back(*system->output(name));
    return compile(system, options);
}

RunSet make(const std::string& name, double end, bool stiff, const std::string& text,
            const std::vector<std::string>& outputs) {
    RunSet set{name, folded(*compiled(read(text), outputs), outputs), {}, end, stiff};
    std::mt19937_64 engine(1);
    std::uniform_real_distribution<double> around(0.8, 1.2);
    for (int run = 0; run < 64; ++run) {
        auto inputs = default_inputs(*set.model);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const Input& input = set.model->system().inputs[i];
            const double factor = around(engine);
            const bool exponent = input.id == "n";
            if (input.kind == Input::Kind::parameter && !exponent) inputs[i] *= factor;
        }
        set.inputs.push_back(std::move(inputs));
    }
    return set;
}

}  // namespace

std::vector<RunSet> run_sets() {
    return {make("brusselator", 500, false, stdlib_model("brusselator"), {"X", "Y"}),
            make("repressilator", 600, false, stdlib_model("repressilator"), {"p_lacI", "p_tetR", "p_cI"}),
            make("activator_inhibitor", 500, false, stdlib_model("activator_inhibitor"), {"X", "Y"}),
            make("mpf", 1000, false, stdlib_model("mpf"), {"X", "Y"}),
            make("cell_cycle", 1000, true, stdlib_model("cell_cycle"), {"X", "Y", "Z"}),
            make("oregonator", 360, true, oregonator, {"x", "y", "z"})};
}

}  // namespace rondo::testing
