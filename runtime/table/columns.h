// columns.h: a column of a table from what each of many things has.
#pragma once
#include <functional>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "runtime/table/packed.h"

namespace rondo {

// get(thing), or a member of it: a number, a text, or a list of numbers, all of one length (pack_rows).
template <class Things, class Get>
void set_column(Table& table, const std::string& name, const Things& things, Get get) {
    using Given = std::remove_cvref_t<std::invoke_result_t<Get, decltype(*std::begin(things))>>;
    constexpr bool is_list = std::is_same_v<Given, std::vector<double>>;
    using Kept =
        std::conditional_t<is_list, Given, std::conditional_t<std::is_arithmetic_v<Given>, double, std::string>>;
    std::vector<Kept> values;
    for (const auto& thing : things) values.push_back(static_cast<Kept>(std::invoke(get, thing)));
    if constexpr (is_list)
        pack_rows(table, name, values);
    else
        table.set(name, std::move(values));
}

}  // namespace rondo
