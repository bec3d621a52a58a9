#include "runtime/api/session.h"

#include <chrono>
#include <iostream>

#include "dsl/syntax/parse.h"
#include "runtime/api/manifest.h"
#include "runtime/api/models.h"
#include "runtime/api/versions.h"
#include "runtime/petab/files.h"
#include "runtime/petab/petab.h"
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
          executor(options.jobs, options.stop, options.progress, options.crew),
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
            const double seconds =
                std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
            const int ranks = options.crew ? options.crew->helpers() + 1 : 1;
            write_manifest(file, identity, environment, {study_sha256, seconds, ranks});
        };
        const auto tell = [this](const std::string& why) {
            environment.warn(
                store.enabled() ? why : "results are not stored, so a stopped run starts over: " + why);
        };
        if (!store.why().empty()) tell(store.why());
        store.on_trouble([this](const std::string& why) { environment.warn(why); });
        evaluator = std::make_unique<Evaluator>(environment, all_verbs(), bind_model);
    }

    // A stop is no loss, and says so.
    template <class Work>
    auto resumable(const Work& work) {
        try {
            return work();
        } catch (const Error& error) {
            if (error.fault() != Fault::interrupted) throw;
            throw Error(Fault::interrupted,
                        error.what() +
                            std::string(store.enabled()
                                            ? "; what was done is stored: run the same command again to go on"
                                            : "; nothing is stored: the study would begin anew"));
        }
    }

    SessionOptions options;
    Sources sources;
    Executor executor;
    Store store;
    Environment environment;
    std::chrono::steady_clock::time_point started;
    std::string study_sha256;
    std::unique_ptr<Evaluator> evaluator;
};

Session::Session(SessionOptions options) : state_(std::make_unique<State>(std::move(options))) {}
Session::~Session() = default;

void Session::run(const std::filesystem::path& study) {
    std::string text = read_file(study);
    state_->environment.study_folder = study.parent_path();
    state_->environment.study_name = study.filename().string();
    state_->study_sha256 = sha256_hex(text);
    const auto source = state_->sources.add(study.string(), std::move(text));
    state_->resumable([&] { state_->evaluator->run(source); });
}

Value Session::evaluate(const std::string& text) {
    return state_->resumable([&] { return state_->evaluator->evaluate(state_->sources.add("input", text)); });
}

const Value* Session::find(std::string_view name) const {
    return state_->evaluator->find(name);
}

bool is_study(const std::filesystem::path& file) {
    return file.extension() == ".rondo";
}

bool is_problem(const std::filesystem::path& file) {
    return is_yaml(file);
}

CheckResult check_file(const std::filesystem::path& file, bool strict) {
    Sources sources;
    Diagnostics diagnostics(sources);
    if (strict) diagnostics.refuse_extensions();
    if (is_problem(file)) {
        read_petab(file, load_network, diagnostics);
    } else if (!is_study(file)) {
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
