// xml.cpp: escaping, and elements on lines of their own.
#include "sbml/xml.h"

#include <array>
#include <charconv>
#include <cmath>

namespace rondo {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

bool is_xml_character(char32_t code, std::size_t length) {
    constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};  // shorter forms exist below
    const bool surrogate = code >= 0xd800 && code < 0xe000;
    return code >= smallest[length] && code <= 0x10ffff && !surrogate && code != 0xfffe && code != 0xffff;
}

// Bytes of the UTF-8 character that `text` starts with; 0 if it starts with none that XML may hold.
std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return lead >= 0x20 || lead == '\t' || lead == '\n' || lead == '\r' ? 1 : 0;
    const std::size_t length = lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf8 ? 4 : 0;
    if (length == 0 || length > text.size()) return 0;
    char32_t code = lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return 0;
        code = code << 6 | (byte(i) & 0x3f);
    }
    return is_xml_character(code, length) ? length : 0;
}

// Blanks but ' ' as well: a reader turns them into ' ' otherwise.
std::string_view entity(char c) {
    switch (c) {
        case '&': return "&amp;";
        case '<': return "&lt;";
        case '>': return "&gt;";
        case '"': return "&quot;";
        case '\t': return "&#9;";
        case '\n': return "&#10;";
        case '\r': return "&#13;";
        default: return {};
    }
}

std::string number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "INF" : "-INF";
    std::array<char, 32> digits;
    return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}

}  // namespace

std::string escape_xml(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = character_length(text);
        const std::string_view special = entity(text[0]);
        out += length == 0 ? replacement : special.empty() ? text.substr(0, length) : special;
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

Tag& Tag::text(std::string_view key, std::string_view value) {
    if (!value.empty()) attributes_ += " " + std::string(key) + "=\"" + escape_xml(value) + "\"";
    return *this;
}

Tag& Tag::value(std::string_view key, const std::optional<double>& value) {
    return value ? text(key, number(*value)) : *this;
}

void XmlWriter::line(std::string_view markup) {
    text_.append(open_.size() * 2, ' ').append(markup).append("\n");
}

void XmlWriter::open(const Tag& tag) {
    line("<" + tag.name() + tag.attributes() + ">");
    open_.push_back(tag.name());
}

void XmlWriter::close() {
    const std::string name = std::move(open_.back());
    open_.pop_back();
    line("</" + name + ">");
}

}  // namespace rondo
