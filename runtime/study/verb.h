// verb.h: how native functions join the study language: a row of a table, and typed access to their
// arguments.
#pragma once
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "dsl/model/network.h"
#include "dsl/syntax/diagnostic.h"
#include "runtime/parallel/executor.h"
#include "runtime/store/store.h"
#include "runtime/study/value.h"
#include "runtime/surrogate/train.h"

namespace rondo {

// All that a study may touch of the world, given by whoever runs it.
struct Environment {
    Executor& executor;
    Store& store;
    std::ostream& out;                             // print
    std::function<void(const std::string&)> warn;  // diagnostics that are no errors
    std::filesystem::path study_folder, stdlib, output_folder;
    Device device = Device::automatic;
    // Reads a model file, Antimony or SBML decided by content. Given by runtime/api, which alone knows sbml.
    std::function<Network(const std::filesystem::path&, Diagnostics&)> load_model;
    Sources& sources;
    std::vector<std::pair<std::string, std::string>> settings = {};  // --set NAME=VALUE
    std::string study_name = {};                                     // as reports show it
    // How the runs of a verb were made, "dop853 or rodas5p, 4 lanes" or "CVODE bdf: it has events", by its
    // name.
    std::map<std::string, std::string> integration = {};
    // What each verb took, for manifests: items (runs, epochs, results) that were computed now and that the
    // store had, and right-hand sides evaluated for all of them.
    struct Work {
        std::size_t computed = 0, stored = 0;
        std::uint64_t rhs_calls = 0;
    };
    std::map<std::string, Work> work = {};
    std::map<std::string, std::set<std::uint64_t>> seeds = {};  // drawn from, by verb
    // Told of each file a study wrote, with the identity of what is in it: whoever keeps manifests listens.
    std::function<void(const std::filesystem::path&, const std::string& identity)> wrote = [](const auto&,
                                                                                              const auto&) {};
    // Relative inputs: the study's folder, then stdlib. Throws Error(input) with near names.
    std::filesystem::path input(const std::string& name) const;
    std::filesystem::path output(const std::string& name) const;  // relative outputs: output_folder
    // A warning that says something new: a training's sampler would repeat it in every epoch.
    void warn_once(const std::string& message) {
        if (warned.insert(message).second) warn(message);
    }
    std::set<std::string> warned = {};
};

// A call being made. Getters throw a diagnostic at the argument: wrong type, missing, out of range.
class Call {
  public:
    struct Given {
        std::string name;  // empty if positional
        Value value;
        Span span;
    };
    using Apply = std::function<Value(const Value& function, std::vector<Value>)>;
    Call(Environment& world, std::string name, Span place, std::vector<Given> arguments, Apply call_back)
        : environment(world),
          verb(std::move(name)),
          span(place),
          origin(place),
          given(std::move(arguments)),
          apply(std::move(call_back)) {}

    Environment& environment;
    std::string verb;
    Span span;
    Span origin;  // where the study's own file called what led here
    std::vector<Given> given;
    Apply apply;  // calls back into the study, on the thread that runs it

    // Matches `given` to parameter names, once, before any getter: positional ones in order, then named ones.
    // "..." lets any number of further positional arguments through, "name..." any named ones (see rest());
    // parameters behind either can only be given by name.
    void bind(const std::vector<std::string>& parameters);
    bool has(std::string_view name) const;  // given, and not nothing
    const Value& value(std::string_view name) const;
    double number(std::string_view name) const;
    double number(std::string_view name, double fallback) const;
    // min <= value <= max and whole
    long whole(std::string_view name, long min, long max) const;
    long whole(std::string_view name, long fallback, long min, long max) const;
    bool flag(std::string_view name, bool fallback) const;
    std::string text(std::string_view name) const;
    std::string text(std::string_view name, const std::string& fallback) const;
    // One of the words, the first of which is meant where none is given.
    template <class Kind>
    Kind choice(std::string_view name, const std::vector<std::pair<std::string, Kind>>& words) const {
        const std::string chosen = text(name, words.front().first);
        std::string known;
        for (const auto& [word, kind] : words) {
            if (word == chosen) return kind;
            known += (known.empty() ? "\"" : ", \"") + word + "\"";
        }
        fail_at(name, "there is no " + std::string(name) + " \"" + chosen + "\"; there are " + known);
    }
    std::vector<std::string> texts(std::string_view name) const;  // a text or a list of texts
    std::vector<double> numbers(std::string_view name) const;  // a number, a list of numbers, a whole range
    const Table& table(std::string_view name) const;
    template <class T>
    const T& object(std::string_view name, std::string_view type) const {
        if (const T* found = object_if<T>(value(name))) return *found;
        fail_type(name, type);
    }
    std::vector<Given> rest() const;  // what "..." let through

    // A seed given, or the fixed default, which the evaluator shows where a stochastic verb is called.
    static constexpr std::uint64_t default_seed = 20261121;
    std::uint64_t seed() const;
    std::vector<std::uint64_t> seeds() const;  // of a number or a list

    // Throws Error(input) with place, caret, message, help.
    [[noreturn]] void fail(const std::string& message, const std::string& help = {}) const;
    [[noreturn]] void fail_at(std::string_view argument, const std::string& message,
                              const std::string& help = {}) const;
    [[noreturn]] void fail_type(std::string_view argument, std::string_view expected) const;

  private:
    std::uint64_t seed_of(double value) const;
    const Given* find(std::string_view name) const;
    [[noreturn]] void fail_here(Span where, const std::string& message, const std::string& help = {}) const;

    std::vector<std::pair<std::string, Given>> bound_;
    std::vector<Given> rest_;
};

struct Verb {
    std::string name;
    std::vector<std::string> parameters;  // for Call::bind, done before run
    std::function<Value(Call&)> run;
    bool stochastic = false;                      // takes seed: a seedless call in a loop is warned about
    std::function<bool(const Call&)> draws = {};  // whether a call of a stochastic verb is; empty: all are
};

// By name. Each file of verbs fills it: add_core_verbs (language), add_model_verbs, ...
using Verbs = std::map<std::string, Verb, std::less<>>;

void add_core_verbs(Verbs&);  // print, length, sum, mean, sqrt... (study/core_verbs.cpp)

}  // namespace rondo
