// xml.h: XML being written. Private to sbml/.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

// Attribute or character data; what XML cannot hold (control characters, bytes that are not UTF-8) becomes
// U+FFFD.
std::string escape_xml(std::string_view text);

// A start tag; attributes that are empty or absent are left out.
class Tag {
  public:
    explicit Tag(std::string_view name) : name_(name), attributes_() {}
    Tag& text(std::string_view key, std::string_view value);
    Tag& flag(std::string_view key, bool value) { return text(key, value ? "true" : "false"); }
    Tag& value(std::string_view key, const std::optional<double>& value);  // INF, -INF, NaN as SBML has them
    const std::string& name() const { return name_; }
    const std::string& attributes() const { return attributes_; }

  private:
    std::string name_, attributes_;
};

class XmlWriter {
  public:
    void open(const Tag& tag);
    void open(std::string_view name) { open(Tag(name)); }
    void close();  // the innermost open element
    void empty(const Tag& tag) { line("<" + tag.name() + tag.attributes() + "/>"); }
    void empty(std::string_view name) { empty(Tag(name)); }
    void line(std::string_view markup);  // as it is, one line
    std::string text() && { return std::move(text_); }

  private:
    std::string text_;
    std::vector<std::string> open_;
};

}  // namespace rondo
