// ensemble.h: ensembles of models from text, for tests.
#pragma once
#include <string>

#include "runtime/api/models.h"
#include "runtime/stochastic/stochastic.h"

namespace rondo::test {

struct Wish {
    double end = 10;
    std::size_t points = 11, runs = 1;
    std::vector<std::string> select = {};
    JumpMethod method = JumpMethod::direct;
    std::uint64_t seed = 1;
    std::vector<Change> changes = {};
    int jobs = 1;
};

inline SimulateOptions options(const Wish& wish) {
    SimulateOptions result;
    result.end = wish.end;
    result.points = wish.points;
    result.select = wish.select;
    result.changes = wish.changes;
    return result;
}

inline Runs runs_of(const std::string& text, const Wish& wish) {
    return simulate_stochastic(parse_model(text, "m.ant"), options(wish), {wish.method, wish.seed, wish.runs},
                               Executor(wish.jobs));
}

inline Table moments_of(const std::string& text, const Wish& wish) {
    return stochastic_moments(parse_model(text, "m.ant"), options(wish), {wish.method, wish.seed, wish.runs},
                              Executor(wish.jobs))
        .table;
}

// What goes wrong, whether at once or along the run.
inline std::string complaint(const std::string& text, const Wish& wish = {}) {
    try {
        return runs_of(text, wish).outcomes[0].reason;
    } catch (const Error& error) {
        return error.what();
    }
}

}  // namespace rondo::test
