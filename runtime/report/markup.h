// markup.h: elements, safe text and short numbers for SVG and HTML.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

namespace rondo {

// The code points of UTF-8 `text`; broken bytes and control characters (tab and newline aside) become U+FFFD,
// so that any user's name is valid XML.
std::u32string decode(std::string_view text);
std::string encode(std::u32string_view text);

// For text and for attributes in double quotes.
std::string escape(std::string_view text);

// At most one decimal, no trailing zero, no "-0": a tenth of a user unit is finer than a pixel.
std::string coordinate(double value);
// Six significant digits as "%g" writes them; NaN, INF, -INF as in CSV.
std::string six_digits(double value);

struct Attribute {
    std::string_view name;
    std::string value;
    Attribute(std::string_view n, std::string v) : name(n), value(std::move(v)) {}
    Attribute(std::string_view n, const char* v) : name(n), value(v) {}
    template <class Number, class = std::enable_if_t<std::is_arithmetic_v<Number>>>
    Attribute(std::string_view n, Number v) : name(n), value(coordinate(static_cast<double>(v))) {}
};
using Attributes = std::initializer_list<Attribute>;

// <tag name="value" .../>, and <tag name="value" ...>content</tag>. Values are escaped here, `content` is
// markup already.
std::string element(std::string_view tag, Attributes attributes);
std::string element(std::string_view tag, Attributes attributes, std::string_view content);

// Estimated width of `text` in a sans-serif font of `size`; there is no font to ask, so ten percent off is
// usual.
double text_width(std::string_view text, double size);
// `text`, or its beginning and an ellipsis if it is wider than `width`.
std::string shorten(std::string_view text, double width, double size);

}  // namespace rondo
