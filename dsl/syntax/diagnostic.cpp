// diagnostic.cpp: collecting diagnostics and showing them.
#include "dsl/syntax/diagnostic.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace rondo {

namespace {

constexpr std::size_t shown_before = 70, shown_after = 50;  // bytes of a long line around the caret

constexpr std::string_view word(Severity severity) {
    switch (severity) {
        case Severity::error: return "error";
        case Severity::unsupported: return "unsupported";
        case Severity::warning: return "warning";
    }
    return {};
}

struct Shown {
    std::string text;
    std::size_t width = 0;  // in characters
};

// Text that a terminal can show: tabs as one space, other control and stray bytes as \x1b.
Shown printable(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    Shown shown;
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text[0]);
        std::size_t length = character_length(text);
        if (byte == '\t') {
            shown.text += ' ';
            ++shown.width;
        } else if (length == 0 || byte < 0x20 || byte == 0x7f) {
            shown.text += {'\\', 'x', digits[byte / 16], digits[byte % 16]};
            shown.width += 4;
            length = 1;
        } else {
            shown.text += text.substr(0, length);
            ++shown.width;
        }
        text.remove_prefix(length);
    }
    return shown;
}

bool inside_character(std::string_view text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
}

// The line of `span`, cut around it where it is long, and a caret below.
std::string excerpt(Span span, const Sources& sources) {
    const Place place = sources.place(span.file, span.begin);
    const std::string_view line = sources.line(span.file, place.line);
    const std::size_t start = line.data() - sources.text(span.file).data();
    const std::size_t begin = std::min<std::size_t>(span.begin - start, line.size());
    const std::size_t end = std::clamp<std::size_t>(span.end - start, begin, line.size());
    std::size_t from = begin > shown_before ? begin - shown_before : 0;
    std::size_t to = std::min(line.size(), begin + shown_after);
    while (from > 0 && inside_character(line, from)) --from;
    while (inside_character(line, to)) ++to;

    const Shown before = printable(line.substr(from, begin - from));
    const Shown marked = printable(line.substr(begin, std::min(end, to) - begin));
    const Shown after = printable(line.substr(std::min(end, to), to - std::min(end, to)));
    const std::string lead = from > 0 ? "..." : "", number = std::to_string(place.line);
    const std::size_t tildes = marked.width > 1 ? marked.width - 1 : 0;
    return "  " + number + " | " + lead + before.text + marked.text + after.text +
           (to < line.size() ? "..." : "") + "\n" + std::string(number.size() + 2, ' ') + " | " +
           std::string(lead.size() + before.width, ' ') + "^" + std::string(tildes, '~') + "\n";
}

std::string folded(std::string_view name) {
    std::string result;
    for (const char c : name)
        if (c != '_' && c != '-' && c != '.')
            result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

// Edits (insert, delete, replace, swap neighbours) from `a` to `b`; more than `limit` is all the same.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
    std::array<std::vector<std::size_t>, 3> rows;  // of the last but one, the last and this character of a
    for (auto& row : rows) row.resize(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) rows[1][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto& [older, last, now] = rows;
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) now[j] = std::min(now[j], older[j - 2] + 1);
        }
        if (*std::min_element(now.begin(), now.end()) > limit + 1) return limit + 1;
        std::rotate(rows.begin(), rows.begin() + 1, rows.end());
    }
    return rows[1][b.size()];
}

}  // namespace

// One error a place: what a later pass finds there follows from the first, or is the same. Without a place,
// each message once.
void Diagnostics::add(Diagnostic diagnostic) {
    const auto said = [&](const Diagnostic& d) {
        const bool same_place = d.span.file == diagnostic.span.file && d.span.begin == diagnostic.span.begin;
        if (!same_place || (d.severity != Severity::error && d.severity != diagnostic.severity)) return false;
        return diagnostic.span.known() || d.message == diagnostic.message;
    };
    if (std::any_of(list_.begin(), list_.end(), said)) return;
    Count& count = counts_[diagnostic.span.file];
    int& kind = diagnostic.severity == Severity::warning ? count.warnings : count.errors;
    if (++kind <= limit) list_.push_back(std::move(diagnostic));
}

void Diagnostics::error(Span span, std::string message, std::string help) {
    add({Severity::error, span, std::move(message), std::move(help)});
}

void Diagnostics::unsupported(Span span, std::string message, std::string help) {
    add({Severity::unsupported, span, std::move(message), std::move(help)});
}

void Diagnostics::warning(Span span, std::string message, std::string help) {
    add({Severity::warning, span, std::move(message), std::move(help)});
}

void Diagnostics::extension(Span span, std::string message, std::string help) {
    if (strict_) error(span, std::move(message), std::move(help));
}

bool Diagnostics::full(std::uint32_t file) const {
    const auto count = counts_.find(file);
    return count != counts_.end() && count->second.errors > limit;
}

bool Diagnostics::has_errors() const {
    return std::any_of(list_.begin(), list_.end(),
                       [](const Diagnostic& d) { return d.severity != Severity::warning; });
}

std::string Diagnostics::render() const {
    std::vector<const Diagnostic*> sorted;
    for (const Diagnostic& diagnostic : list_) sorted.push_back(&diagnostic);
    std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic* a, const Diagnostic* b) {
        return std::pair(a->span.file, a->span.begin) < std::pair(b->span.file, b->span.begin);
    });
    std::string text;
    for (const Diagnostic* diagnostic : sorted) text += rondo::render(*diagnostic, *sources_);
    for (const auto& [file, count] : counts_) {
        const std::string of = file == Span::nowhere ? "" : " of " + sources_->name(file);
        if (count.errors > limit) text += "further errors" + of + " are not shown\n";
        if (count.warnings > limit) text += "further warnings" + of + " are not shown\n";
    }
    return text;
}

void Diagnostics::throw_if_errors() const {
    if (!has_errors()) return;
    const bool wrong = std::any_of(list_.begin(), list_.end(),
                                   [](const Diagnostic& d) { return d.severity == Severity::error; });
    throw Error(wrong ? Fault::input : Fault::unsupported, render());
}

std::string render(const Diagnostic& diagnostic, const Sources& sources) {
    std::string text = sources.where(diagnostic.span);
    if (!text.empty()) text += ": ";
    text += std::string(word(diagnostic.severity)) + ": " + diagnostic.message + "\n";
    if (diagnostic.span.known()) text += excerpt(diagnostic.span, sources);
    if (!diagnostic.help.empty()) text += "  help: " + diagnostic.help + "\n";
    return text;
}

std::optional<std::string> nearest(std::string_view name, std::span<const std::string> candidates) {
    const std::string plain = folded(name);
    const std::string* best = nullptr;
    std::size_t least = name.size();
    for (const std::string& candidate : candidates) {
        if (candidate == name) continue;
        const std::size_t longer = std::max(name.size(), candidate.size());
        const std::size_t limit = longer / 3;
        if (longer - std::min(name.size(), candidate.size()) > std::max<std::size_t>(limit, 2)) continue;
        if (!plain.empty() && folded(candidate) == plain) return candidate;
        const std::size_t edits = distance(name, candidate, limit);
        if (edits > limit || edits >= least) continue;
        best = &candidate;
        least = edits;
    }
    return best ? std::optional(*best) : std::nullopt;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates,
                         const std::string& otherwise) {
    const auto near = nearest(name, candidates);
    return near ? "did you mean '" + *near + "'?" : otherwise;
}

}  // namespace rondo
