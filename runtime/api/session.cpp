#include "runtime/api/session.h"

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "dsl/syntax/parse.h"
#include "runtime/api/models.h"
#include "runtime/api/versions.h"
#include "runtime/study/evaluate.h"
#include "runtime/study/objects.h"
#include "runtime/table/file.h"

namespace rondo {

namespace {

Value bind_model(Network network, Environment&) {
    return make_object(ModelValue(Model(std::move(network))));
}

}  // namespace

struct Session::State {
    explicit State(SessionOptions given)
        : options(std::move(given)),
          executor(options.jobs, options.stop, options.progress),
          store(options.store.value_or(options.output_folder / ".rondo" / "store.db"), options.fresh),
          environment{
              executor,
              store,
              options.out ? *options.out : std::cout,
              options.warn ? options.warn : [](const std::string& text) { std::cerr << text << '\n'; },
              options.study_folder,
              stdlib_folder(),
              options.output_folder,
              options.device,
              load_network,
              sources,
              options.settings},
          started(std::chrono::steady_clock::now()) {
        environment.wrote = [this](const std::filesystem::path& file, const std::string& identity) {
            write_manifest(file, identity);
        };
        if (!store.enabled())
            environment.warn("results are not stored, so a stopped run starts over: " + store.why());
        evaluator = std::make_unique<Evaluator>(environment, all_verbs(), bind_model);
    }

    // What the output is made from, and the circumstances that may differ from one run to the next.
    void write_manifest(const std::filesystem::path& file, const std::string& identity) {
        nlohmann::ordered_json manifest;
        manifest["file"] = file.filename().string();
        manifest["identity"] = identity;
        manifest["study"] = environment.study_name;
        for (const auto& [name, value] : options.settings) manifest["settings"][name] = value;
        for (const auto& [name, version] : versions()) manifest["versions"][name] = version;
        manifest["jobs"] = executor.jobs();
        for (const auto& [verb, method] : environment.integration) manifest["integration"][verb] = method;
        manifest["seconds"] =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
        write_file(file.string() + ".manifest.json", manifest.dump(2) + "\n");
    }

    SessionOptions options;
    Sources sources;
    Executor executor;
    Store store;
    Environment environment;
    std::chrono::steady_clock::time_point started;
    std::unique_ptr<Evaluator> evaluator;
};

Session::Session(SessionOptions options) : state_(std::make_unique<State>(std::move(options))) {}
Session::~Session() = default;

void Session::run(const std::filesystem::path& study) {
    std::string text = read_file(study);
    state_->environment.study_folder = study.parent_path();
    state_->environment.study_name = study.filename().string();
    state_->evaluator->run(state_->sources.add(study.string(), std::move(text)));
}

Value Session::evaluate(const std::string& text) {
    return state_->evaluator->evaluate(state_->sources.add("input", text));
}

const Value* Session::find(std::string_view name) const {
    return state_->evaluator->find(name);
}

bool is_study(const std::filesystem::path& file) {
    return file.extension() == ".rondo";
}

CheckResult check_file(const std::filesystem::path& file, bool strict) {
    Sources sources;
    Diagnostics diagnostics(sources);
    if (strict) diagnostics.refuse_extensions();
    if (!is_study(file)) {
        load_network(file, diagnostics);
    } else {
        Executor executor(1);
        Store store;
        Environment environment{executor,        store, std::cout,         {},           file.parent_path(),
                                stdlib_folder(), ".",   Device::automatic, load_network, sources};
        check_study(sources.add(file.string(), read_file(file)), all_verbs(), environment, diagnostics);
    }
    return {diagnostics.render(), diagnostics.has_errors()};
}

}  // namespace rondo
