// words.h: words that cells of several tables hold.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "runtime/estimate/scaling.h"
#include "runtime/petab/sheet.h"

namespace rondo {

// "a;b" to {"a", "b"}, blanks around each dropped; {""} for "".
std::vector<std::string> split(std::string_view text, char separator);

// lin (also where the cell is empty), log, log10. Says what else it finds.
Scaling scaling_of(const Cell&, Diagnostics&);

// "a, b, c", of a table of words.
template <class Rows, class Member>
std::string words_of(const Rows& rows, Member word) {
    std::string text;
    for (const auto& row : rows) text += (text.empty() ? "" : ", ") + std::string(row.*word);
    return text;
}

}  // namespace rondo
