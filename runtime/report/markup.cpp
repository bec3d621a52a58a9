#include "runtime/report/markup.h"

#include <array>
#include <charconv>
#include <cmath>

namespace rondo {
namespace {

constexpr char32_t replacement = 0xfffd;

// The code point that begins at `at`, which moves behind it.
char32_t next(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) -> unsigned {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
    };
    const unsigned first = byte(at);
    const std::size_t length = first < 0x80    ? 1
                               : first >= 0xf0 ? (first < 0xf5 ? 4 : 0)
                               : first >= 0xe0 ? 3
                               : first >= 0xc2 ? 2
                                               : 0;
    char32_t c = length == 1 ? first : first & (0xffu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xc0) != 0x80) {
            ++at;
            return replacement;
        }
        c = c << 6 | (byte(at + i) & 0x3f);
    }
    at += length ? length : 1;
    const bool overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
    const bool no_character = (c >= 0xd800 && c < 0xe000) || c > 0x10ffff || c == 0xfffe || c == 0xffff;
    const bool control = c < 0x20 && c != '\t' && c != '\n';
    return length == 0 || overlong || no_character || control || c == 0x7f ? replacement : c;
}

// Advance of a character in thousandths of the font's size; classes of Helvetica's metrics.
double advance(char32_t c) {
    if (c >= 0x1100 && c != 0x2212 && c != 0x2026) return 1000;  // East Asian and symbols
    if (c >= 0x80) return 600;
    const auto in = [c](std::string_view set) { return set.find(static_cast<char>(c)) != set.npos; };
    if (in("iljI'|.,:; !")) return 270;
    if (in("ft()[]/\\-r\"`{}")) return 340;
    if (in("mMWw@%")) return 860;
    return c >= 'A' && c <= 'Z' ? 690 : 556;
}

template <class... Format>
std::string characters(double value, Format... format) {
    std::array<char, 400> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format...).ptr;
    return {buffer.data(), end};
}

std::string opening(std::string_view tag, Attributes attributes) {
    std::string result = "<" + std::string(tag);
    for (const auto& [name, value] : attributes) {
        result += " " + std::string(name) + "=\"" + escape(value) + "\"";
    }
    return result;
}

}  // namespace

std::u32string decode(std::string_view text) {
    std::u32string result;
    for (std::size_t at = 0; at < text.size();) result += next(text, at);
    return result;
}

std::string encode(std::u32string_view text) {
    std::string result;
    const auto put = [&](char32_t bits) { result += static_cast<char>(bits); };
    const auto tail = [&](char32_t c, int shift) { put(0x80 | (c >> shift & 0x3f)); };
    for (const char32_t c : text) {
        if (c < 0x80) {
            put(c);
            continue;
        }
        if (c < 0x800) {
            put(0xc0 | c >> 6);
        } else if (c < 0x10000) {
            put(0xe0 | c >> 12);
            tail(c, 6);
        } else {
            put(0xf0 | c >> 18);
            tail(c, 12);
            tail(c, 6);
        }
        tail(c, 0);
    }
    return result;
}

std::string escape(std::string_view text) {
    std::string result;
    for (const char c : encode(decode(text))) {
        switch (c) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            default: result += c;
        }
    }
    return result;
}

std::string coordinate(double value) {
    std::string text = characters(value, std::chars_format::fixed, 1);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text == "-0" ? "0" : text;
}

std::string six_digits(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "INF" : "-INF";
    return characters(value, std::chars_format::general, 6);
}

std::string element(std::string_view tag, Attributes attributes) {
    return opening(tag, attributes) + "/>";
}

std::string element(std::string_view tag, Attributes attributes, std::string_view content) {
    return opening(tag, attributes) + ">" + std::string(content) + "</" + std::string(tag) + ">";
}

double text_width(std::string_view text, double size) {
    double width = 0;
    for (const char32_t c : decode(text)) width += advance(c);
    return width * size / 1000;
}

std::string shorten(std::string_view text, double width, double size) {
    if (text_width(text, size) <= width) return std::string(text);
    std::u32string kept = decode(text);
    while (!kept.empty() && text_width(encode(kept) + "…", size) > width) kept.pop_back();
    while (!kept.empty() && kept.back() == ' ') kept.pop_back();
    return encode(kept) + "…";
}

}  // namespace rondo
