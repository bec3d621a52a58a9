#include "runtime/integrate/pattern.h"

#include <klu.h>

#include <algorithm>

namespace rondo {

JacobianPattern dense_pattern(const OdeSystem& system) {
    JacobianPattern pattern;
    const std::size_t n = system.states.size();
    for (std::size_t column = 0; column < n; ++column)
        for (auto k = system.column_start[column]; k < system.column_start[column + 1]; ++k)
            pattern.slot.push_back(column * n + system.row_index[k]);
    return pattern;
}

JacobianPattern sparse_pattern(const OdeSystem& system) {
    JacobianPattern pattern;
    pattern.sparse = true;
    pattern.column_start = {0};
    for (std::size_t column = 0; column < system.states.size(); ++column) {
        const auto begin = system.row_index.begin() + system.column_start[column];
        const auto end = system.row_index.begin() + system.column_start[column + 1];
        std::vector<std::int64_t> rows(begin, end);
        rows.push_back(static_cast<std::int64_t>(column));
        std::sort(rows.begin(), rows.end());
        rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
        for (auto row = begin; row != end; ++row) {
            const auto place = std::lower_bound(rows.begin(), rows.end(), *row) - rows.begin();
            pattern.slot.push_back(pattern.row_index.size() + static_cast<std::size_t>(place));
        }
        pattern.row_index.insert(pattern.row_index.end(), rows.begin(), rows.end());
        pattern.column_start.push_back(static_cast<std::int64_t>(pattern.row_index.size()));
    }
    return pattern;
}

double factorisation_work(const JacobianPattern& sparse) {
    klu_l_common common;
    klu_l_defaults(&common);
    auto starts = sparse.column_start, rows = sparse.row_index;  // KLU takes them as not const
    klu_l_symbolic* found = klu_l_analyze(std::ssize(starts) - 1, starts.data(), rows.data(), &common);
    const double work = found == nullptr ? 0 : found->est_flops;
    klu_l_free_symbolic(&found, &common);
    return work;
}

namespace {

// Whether some states do not depend on some others, however indirectly.
bool reducible(const OdeSystem& system) {
    const std::size_t n = system.states.size();
    std::vector<std::vector<bool>> reads(n, std::vector<bool>(n));
    for (std::size_t column = 0; column < n; ++column)
        for (auto k = system.column_start[column]; k < system.column_start[column + 1]; ++k)
            reads[system.row_index[k]][column] = true;
    for (std::size_t via = 0; via < n; ++via)
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t k = 0; reads[i][via] && k < n; ++k)
                if (reads[via][k]) reads[i][k] = true;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < n; ++k)
            if (i != k && !reads[i][k]) return true;
    return false;
}

}  // namespace

JacobianPattern choose_pattern(const OdeSystem& system) {
    // KLU and dense LU take equal time near 10 states; KLU 0.3 times as long at 50. Safely past the crossing.
    constexpr std::size_t sparse_states = 24;
    constexpr double sparse_share = 0.25;
    const std::size_t n = system.states.size();
    const double share = static_cast<double>(system.row_index.size()) / static_cast<double>(n * n);
    // KLU solves block by block what is reducible, so that a state does not feel, not even by rounding, those
    // it does not read. Dense pivoting mixes them: what is 0 and grows (no virus yet) would not stay 0.
    if (n < sparse_states && reducible(system)) return sparse_pattern(system);
    if (n < sparse_states || share > sparse_share) return dense_pattern(system);
    // A large network whose reactions join any species at random has dense factors: work grows with n^3.
    constexpr double most_work = 2e7;
    JacobianPattern pattern = sparse_pattern(system);
    pattern.iterative = factorisation_work(pattern) > most_work;
    return pattern;
}

}  // namespace rondo
