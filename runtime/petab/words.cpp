#include "runtime/petab/words.h"

namespace rondo {

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0;;) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        std::string_view part = text.substr(begin, end - begin);
        while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
        while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
        parts.emplace_back(part);
        if (end == text.size()) return parts;
        begin = end + 1;
    }
}

Scaling scaling_of(const Cell& cell, Diagnostics& diagnostics) {
    if (cell.text == "log") return Scaling::log;
    if (cell.text == "log10") return Scaling::log10;
    if (!cell.empty() && cell.text != "lin")
        diagnostics.unsupported(cell.span, "there is no scale '" + cell.text + "'",
                                "there are lin, log, log10");
    return Scaling::linear;
}

}  // namespace rondo
