// load_worker.cpp: our side of load_against_roadrunner. Answers each line of its input with one line of CPU
// milliseconds:
//
//   load FILE                   a fresh text of the model: read, equations, machine code, first result
//   simulate FILE END ROWS      one run at rtol 1e-6, atol 1e-9; the model is loaded once
//   generated N                 a network of N reactions as Antimony, as `load`; then the peak memory in MB
#include <sys/resource.h>
#include <time.h>

#include <iostream>
#include <map>
#include <sstream>

#include "dsl/model/print.h"
#include "runtime/api/models.h"
#include "runtime/simulate/simulate.h"
#include "runtime/table/file.h"
#include "sbml/sbml.h"
#include "tests/support/networks.h"

namespace {

using namespace rondo;

// CPU milliseconds of this process since it was last asked: others may be using the machine.
class Watch {
  public:
    double lap() {
        const double before = last_;
        last_ = now();
        return last_ - before;
    }

  private:
    static double now() {
        timespec time{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
    }
    double last_ = now();
};

SimulateOptions options(double end, std::size_t rows) {
    SimulateOptions result;
    result.end = end;
    result.points = rows;
    result.integrate.rtol = 1e-6;
    result.integrate.atol = 1e-9;
    return result;
}

std::string result_of(const Run& run) {
    return run.outcome.kind == Outcome::Kind::failed ? " failed" : "";
}

std::string load(const std::string& text) {
    Watch watch;
    Sources sources;
    Diagnostics diagnostics(sources);
    Network network = parse_network(text, "model", diagnostics);
    diagnostics.throw_if_errors();
    const double read = watch.lap();
    const Model model(std::move(network));
    const double equations = watch.lap();
    (void)model.compiled(model.default_outputs(), Effort::quick);
    const double code = watch.lap();
    const Run run = simulate(model, options(1, 2));
    const double first = watch.lap();
    std::ostringstream line;
    line << read << ' ' << equations << ' ' << code << ' ' << first << result_of(run);
    return line.str();
}

// The text with a comment that it never had before.
std::string fresh(const std::string& file) {
    static int count = 0;
    const std::string note = std::to_string(++count), text = read_file_unpacked(file);
    return text + (looks_like_sbml(text) ? "\n<!-- " + note + " -->\n" : "\n// " + note + "\n");
}

std::string simulate_again(const std::string& file, double end, std::size_t rows) {
    static std::map<std::string, Model> models;
    auto known = models.find(file);
    if (known == models.end()) {
        known = models.emplace(file, load_model(file)).first;
        (void)simulate(known->second, options(1, 2));
    }
    Watch watch;
    const Run run = simulate(known->second, options(end, rows));
    return std::to_string(watch.lap()) + result_of(run);
}

std::string generated(int reactions) {
    const std::string line = load(to_antimony(rondo::testing::generated_network(reactions, 1)));
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return line + ' ' + std::to_string(usage.ru_maxrss / 1024);
}

std::string answer(std::istringstream line) {
    std::string verb, file;
    double end = 0;
    std::size_t count = 0;
    line >> verb;
    if (verb == "generated" && line >> count) return generated(static_cast<int>(count));
    line >> file;
    if (verb == "load") return load(fresh(file));
    if (verb == "simulate" && line >> end >> count) return simulate_again(file, end, count);
    return "unknown request";
}

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        try {
            std::cout << answer(std::istringstream(line)) << std::endl;
        } catch (const std::exception& error) {
            std::string text = error.what();
            std::cout << "error " << text.substr(0, text.find('\n')) << std::endl;
        }
    }
}
