// study_run.h: a study run from a string, with what it printed, warned of and failed with.
#pragma once
#include <sstream>
#include <string>
#include <vector>

#include "runtime/study/evaluate.h"
#include "runtime/study/mistake.h"

namespace rondo {

struct StudyRun {
    Executor executor{1};
    Store store;
    Sources sources;
    std::ostringstream out;
    std::vector<std::string> warnings;
    Environment environment{.executor = executor,
                            .store = store,
                            .out = out,
                            .warn = [this](const std::string& text) { warnings.push_back(text); },
                            .study_folder = "",
                            .stdlib = "",
                            .output_folder = "",
                            .load_model = {},
                            .sources = sources};
    Verbs verbs = core();
    MakeModel make_model;

    static Verbs core() {
        Verbs verbs;
        add_core_verbs(verbs);
        return verbs;
    }

    void add(const std::string& name, std::vector<std::string> parameters, std::function<Value(Call&)> run,
             bool stochastic = false) {
        verbs[name] = {name, std::move(parameters), std::move(run), stochastic};
    }

    // What was printed.
    std::string run(const std::string& study) {
        out.str("");
        Evaluator evaluator(environment, verbs, make_model);
        evaluator.run(sources.add("study.rondo", study));
        return out.str();
    }

    // The error's whole text; "" if there was none. `fault`: its kind, if wanted.
    std::string failure(const std::string& study, Fault* fault = nullptr) {
        try {
            run(study);
        } catch (const Error& error) {
            if (fault) *fault = error.fault();
            return error.what();
        }
        return "";
    }
};

}  // namespace rondo
