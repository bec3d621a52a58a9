// elimination.cpp: minimum fill by Markowitz's count, on the pattern alone.
#include "jit/emit/elimination.h"

#include <set>

namespace rondo {

std::vector<std::uint32_t> elimination_order(std::uint32_t n, const std::vector<Entry>& places) {
    std::vector<std::set<std::uint32_t>> rows(n), columns(n);  // of what is left
    for (const auto& [row, column] : places) {
        rows[row].insert(column);
        columns[column].insert(row);
    }
    std::set<std::uint32_t> left;
    for (std::uint32_t i = 0; i < n; ++i) left.insert(i);
    std::vector<std::uint32_t> order;
    while (!left.empty()) {
        const auto cost = [&](std::uint32_t k) { return (rows[k].size() - 1) * (columns[k].size() - 1); };
        std::uint32_t best = *left.begin();
        for (const std::uint32_t k : left)
            if (cost(k) < cost(best)) best = k;
        left.erase(best);
        order.push_back(best);
        for (const std::uint32_t row : columns[best]) rows[row].erase(best);
        for (const std::uint32_t column : rows[best]) columns[column].erase(best);
        columns[best].erase(best);
        for (const std::uint32_t row : columns[best]) {
            for (const std::uint32_t column : rows[best]) {
                rows[row].insert(column);
                columns[column].insert(row);
            }
        }
    }
    return order;
}

}  // namespace rondo
