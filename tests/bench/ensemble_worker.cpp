// ensemble_worker: our side of ensemble_against_peers. Reads lines "MODEL RUNS POINTS END RTOL"; answers each
// with the CPU seconds that the runs took, after a first round that compiles.
#include <ctime>
#include <iostream>
#include <map>
#include <random>
#include <sstream>

#include "runtime/api/models.h"
#include "runtime/ensemble/record.h"

using namespace rondo;

namespace {

constexpr const char* lorenz = R"(
model lorenz
  sigma = 10;  x = 1;  y = 1;  z = 1
  x' = sigma*(y - x)
  y' = x*(28 - z) - y
  z' = x*y - 8/3*z
end
)";

struct Job {
    std::shared_ptr<const CompiledModel> code;
    std::vector<std::vector<double>> inputs;
    std::unique_ptr<Ensemble> ensemble;
};

Job make_job(const std::string& name, std::size_t runs, double rtol) {
    const Model model =
        name == "lorenz" ? parse_model(lorenz, "lorenz.ant") : load_model(STDLIB_MODELS "/" + name + ".ant");
    const std::map<std::string, std::vector<std::string>> varied = {
        {"lorenz", {"sigma"}}, {"brusselator", {"a", "b"}}, {"repressilator", {"alpha", "beta"}}};
    const Selection selection = model.select_over(model.default_outputs(), varied.at(name));
    Job job;
    job.code = compile(selection.system, {.outputs = selection.outputs});
    std::mt19937_64 engine(1);
    std::uniform_real_distribution<double> around(0.8, 1.2);
    for (std::size_t run = 0; run < runs; ++run) {
        auto& inputs = job.inputs.emplace_back(model.inputs().begin(), model.inputs().end());
        for (const auto& id : varied.at(name)) inputs[*model.system().input(id)] *= around(engine);
    }
    EnsembleOptions options;
    options.rtol = rtol;
    options.atol = 1e-3 * rtol;
    job.ensemble = std::make_unique<Ensemble>(job.code, options);
    return job;
}

double seconds(const Job& job, std::size_t points, double end) {
    std::vector<double> times;
    for (std::size_t k = 0; k < points; ++k)
        times.push_back(end * static_cast<double>(k) / static_cast<double>(points - 1));
    std::vector<double> values(job.inputs.size() * points * job.code->output_count());
    Ensemble::Task task;
    task.t1 = end;
    task.inputs = [&](std::size_t run) { return std::span<const double>(job.inputs[run]); };
    task.observe = [&](int lanes) {
        return std::make_unique<LaneRecorder>(
            *job.code, times, lanes,
            [&](std::size_t run, std::size_t k) {
                return values.data() + (run * job.code->output_count() + k) * points;
            },
            [](std::size_t, const Outcome&) {});
    };
    const std::clock_t begin = std::clock();
    Executor(1).feed("runs", job.inputs.size(), [&](int, Feed& feed) { job.ensemble->serve(feed, task); });
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

}  // namespace

int main() {
    std::map<std::string, Job> jobs;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string name;
        std::size_t runs = 0, points = 0;
        double end = 0, rtol = 0;
        words >> name >> runs >> points >> end >> rtol;
        if (!jobs.contains(name)) {
            jobs.emplace(name, make_job(name, runs, rtol));
            seconds(jobs.at(name), points, end);
        }
        std::cout << seconds(jobs.at(name), points, end) << std::endl;
    }
}
