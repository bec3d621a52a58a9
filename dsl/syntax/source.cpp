// source.cpp: offsets to lines and columns.
#include "dsl/syntax/source.h"

#include <algorithm>

namespace rondo {

namespace {

bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::vector<std::uint32_t> find_line_starts(std::string_view text) {
    std::vector<std::uint32_t> starts{0};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool lone_return = text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
        if (text[i] == '\n' || lone_return) starts.push_back(static_cast<std::uint32_t>(i + 1));
    }
    return starts;
}

}  // namespace

Span join(Span a, Span b) {
    if (!a.known()) return b;
    if (!b.known() || a.file != b.file) return a;
    return {a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

std::size_t character_length(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xc2 ? 0
                               : lead < 0xe0 ? 2
                               : lead < 0xf0 ? 3
                               : lead < 0xf5 ? 4
                                             : 0;
    if (length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
    return length;
}

std::uint32_t Sources::add(std::string name, std::string text) {
    auto starts = find_line_starts(text);
    files_.push_back({std::move(name), std::move(text), std::move(starts)});
    return static_cast<std::uint32_t>(files_.size() - 1);
}

Place Sources::place(std::uint32_t file, std::uint32_t offset) const {
    const File& f = files_[file];
    const auto next = std::upper_bound(f.line_starts.begin(), f.line_starts.end(), offset);
    const std::string_view before = std::string_view(f.text).substr(*(next - 1), offset - *(next - 1));
    const auto characters = before.size() - std::count_if(before.begin(), before.end(), continues_character);
    return {static_cast<std::uint32_t>(next - f.line_starts.begin()),
            static_cast<std::uint32_t>(characters + 1)};
}

std::string_view Sources::line(std::uint32_t file, std::uint32_t line) const {
    const File& f = files_[file];
    const std::size_t begin = f.line_starts[line - 1];
    const std::size_t end = line < f.line_starts.size() ? f.line_starts[line] : f.text.size();
    std::string_view text = std::string_view(f.text).substr(begin, end - begin);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

std::string_view Sources::slice(Span span) const {
    if (!span.known()) return {};
    return std::string_view(files_[span.file].text).substr(span.begin, span.end - span.begin);
}

std::string Sources::where(Span span) const {
    if (!span.known()) return {};
    const Place at = place(span.file, span.begin);
    return name(span.file) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

}  // namespace rondo
