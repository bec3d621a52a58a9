// source.h: texts being read, and places in them.
#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

// Bytes [begin, end) of file `file` of a Sources. A default Span is "no place" (made by us, not read).
struct Span {
    static constexpr std::uint32_t nowhere = 0xffffffff;
    std::uint32_t file = nowhere;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool known() const { return file != nowhere; }
};

// From `a`'s first byte to `b`'s last.
Span join(Span a, Span b);

struct Place {
    std::uint32_t line = 0;    // from 1
    std::uint32_t column = 0;  // from 1, in characters (UTF-8 code points), not bytes
};

// Bytes of the well-formed UTF-8 character that `text` starts with; 0 if it starts with none. `text` is not
// empty.
std::size_t character_length(std::string_view text);

// All texts of one session. Files are never removed nor moved, so Spans and views stay valid.
// A line ends at "\n", "\r\n" or "\r".
class Sources {
  public:
    // Returns the new file's number. `name` is what diagnostics print.
    std::uint32_t add(std::string name, std::string text);
    const std::string& name(std::uint32_t file) const { return files_[file].name; }
    const std::string& text(std::uint32_t file) const { return files_[file].text; }
    Place place(std::uint32_t file, std::uint32_t offset) const;
    std::string_view line(std::uint32_t file, std::uint32_t line) const;  // without its newline
    std::string_view slice(Span span) const;
    // "name:line:column", or "" for an unknown span.
    std::string where(Span span) const;

  private:
    struct File {
        std::string name, text;
        std::vector<std::uint32_t> line_starts;
    };
    std::deque<File> files_;
};

}  // namespace rondo
