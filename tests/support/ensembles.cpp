#include "tests/support/ensembles.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

#include "dsl/model/resolve.h"
#include "dsl/syntax/parse.h"
#include "runtime/simulate/model.h"

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

RunSet make(int runs, const std::string& name, double end, bool stiff, const std::string& text,
            const std::vector<std::string>& outputs) {
    const Model model(read(text));
    const OdeSystem& system = model.system();
    std::vector<std::string> varying;
    for (const Input& input : system.inputs)
        if (input.kind == Input::Kind::parameter && input.id != "n") varying.push_back(input.id);
    const Selection selection = model.select_over(outputs, varying);
    RunSet set{name, compile(selection.system, {.outputs = selection.outputs}), {}, end, stiff};
    std::mt19937_64 engine(1);
    std::uniform_real_distribution<double> around(0.8, 1.2);
    for (int run = 0; run < runs; ++run) {
        std::vector<double> inputs(model.inputs().begin(), model.inputs().end());
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const double factor = around(engine);
            if (std::ranges::count(varying, system.inputs[i].id)) inputs[i] *= factor;
        }
        set.inputs.push_back(std::move(inputs));
    }
    return set;
}

}  // namespace

std::vector<RunSet> run_sets(int runs) {
    return {
        make(runs, "brusselator", 500, false, stdlib_model("brusselator"), {"X", "Y"}),
        make(runs, "repressilator", 600, false, stdlib_model("repressilator"), {"p_lacI", "p_tetR", "p_cI"}),
        make(runs, "activator_inhibitor", 500, false, stdlib_model("activator_inhibitor"), {"X", "Y"}),
        make(runs, "mpf", 1000, false, stdlib_model("mpf"), {"X", "Y"}),
        make(runs, "cell_cycle", 1000, true, stdlib_model("cell_cycle"), {"X", "Y", "Z"}),
        make(runs, "oregonator", 360, true, oregonator, {"x", "y", "z"})};
}

LastObserver::LastObserver(std::vector<LastState>& runs, int lanes)
    : runs_(runs), lanes_(lanes), moved_(static_cast<std::size_t>(lanes)) {}

void LastObserver::begin(int lane, std::size_t) {
    moved_[static_cast<std::size_t>(lane)] = 0;
}

void LastObserver::take_over(int lane, LaneObserver& other, int there) {
    moved_[static_cast<std::size_t>(lane)] =
        static_cast<LastObserver&>(other).moved_[static_cast<std::size_t>(there)];
}

LaneMask LastObserver::start(const Step& step) {
    y_ = step.y;
    return 0;
}

LaneMask LastObserver::step(const Step& step) {
    y_ = step.y;
    for_each_lane(step.active, [&](int lane) { ++moved_[static_cast<std::size_t>(lane)]; });
    return 0;
}

void LastObserver::end(int lane, std::size_t run, const Outcome& outcome) {
    std::vector<double> y(y_.size() / static_cast<std::size_t>(lanes_));
    gather(y_, lanes_, lane, y);
    runs_[run] = {std::move(y), outcome, moved_[static_cast<std::size_t>(lane)], lanes_};
}

}  // namespace rondo::testing
