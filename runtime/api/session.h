// session.h: studies, run from a file or from a text.
#pragma once
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/parallel/executor.h"
#include "runtime/study/value.h"
#include "runtime/surrogate/train.h"

namespace rondo {

struct SessionOptions {
    int jobs = 0;  // < 1: as many threads as the process may use
    Device device = Device::automatic;
    std::filesystem::path study_folder = ".";  // where relative inputs are looked for first
    std::filesystem::path output_folder = ".";
    std::optional<std::filesystem::path> store;                 // default: output_folder/.rondo/store.db
    bool fresh = false;                                         // compute everything anew
    std::vector<std::pair<std::string, std::string>> settings;  // --set NAME=VALUE
    std::ostream* out = nullptr;                                // print; default: standard output
    std::function<void(const std::string&)> warn;               // remarks; default: standard error
    const StopFlag* stop = nullptr;
    Progress* progress = nullptr;
    Crew* crew = nullptr;  // helpers in other processes
};

// A study being run. Errors are thrown as Error with place and call chain.
class Session {
  public:
    explicit Session(SessionOptions options);
    ~Session();

    // Runs a whole file; relative inputs are looked for in its folder. Each file it writes gets
    // NAME.manifest.json beside it. An interruption says how to go on.
    void run(const std::filesystem::path& study);
    // Runs further statements; the value of the last one.
    Value evaluate(const std::string& text);
    // A top-level binding, or null.
    const Value* find(std::string_view name) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// All diagnostics of a model or study file, rendered; empty if there are none. `errors` says whether one is
// an error, `unsupported` whether all of those are features Rondo lacks.
struct CheckResult {
    std::string text;
    bool errors = false;
};
// `strict`: our extensions of Antimony are errors.
CheckResult check_file(const std::filesystem::path& file, bool strict = false);

// Whether a file is a study (by its extension .rondo) rather than a model.
bool is_study(const std::filesystem::path& file);
// Whether it is an estimation problem (PEtab, .yaml).
bool is_problem(const std::filesystem::path& file);

}  // namespace rondo
