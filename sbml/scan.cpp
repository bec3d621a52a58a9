// scan.cpp: a tokenizer for tags, no more. Whether the XML is well formed is left to libSBML.
#include "sbml/scan.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sbml/sbml.h"

namespace rondo {

namespace {

constexpr std::string_view utf8_mark = "\xef\xbb\xbf";
constexpr std::string_view blanks = " \t\r\n";
constexpr auto npos = std::string_view::npos;

bool is_utf16(std::string_view text) {
    return text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
}

// Without a prefix: `math:apply` is `apply`.
std::string_view local_name(std::string_view tag) {
    const std::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n/>"));
    const std::size_t colon = name.find(':');
    return colon == npos ? name : name.substr(colon + 1);
}

// Behind the '>' that ends the tag at `from`; a '>' within quotes does not. npos if the text ends first.
std::size_t end_of_tag(std::string_view text, std::size_t from) {
    char quote = 0;
    for (std::size_t i = from; i < text.size(); ++i) {
        if (quote != 0) {
            if (text[i] == quote) quote = 0;
        } else if (text[i] == '"' || text[i] == '\'') {
            quote = text[i];
        } else if (text[i] == '>') {
            return i + 1;
        }
    }
    return npos;
}

std::size_t behind(std::string_view text, std::size_t from, std::string_view mark) {
    const std::size_t found = text.find(mark, from);
    return found == npos ? npos : found + mark.size();
}

using Attributes = std::vector<std::pair<std::string_view, std::string_view>>;

// Names and values, as written, up to what is none.
Attributes attributes(std::string_view tag) {
    Attributes found;
    for (std::size_t at = tag.find_first_of(blanks); at != npos;) {
        const std::size_t name = tag.find_first_not_of(blanks, at), equals = tag.find('=', name);
        const std::size_t open = equals == npos ? npos : tag.find_first_not_of(blanks, equals + 1);
        if (open == npos || (tag[open] != '"' && tag[open] != '\'')) break;
        const std::size_t close = tag.find(tag[open], open + 1);
        if (close == npos) break;
        std::string_view word = tag.substr(name, equals - name);
        word = word.substr(0, word.find_first_of(blanks));
        found.emplace_back(word, tag.substr(open + 1, close - open - 1));
        at = close + 1;
    }
    return found;
}

struct Level {
    std::string_view level, version, uri;
};

constexpr Level levels[] = {
    {"1", "1", "http://www.sbml.org/sbml/level1"},
    {"1", "2", "http://www.sbml.org/sbml/level1"},
    {"2", "1", "http://www.sbml.org/sbml/level2"},
    {"2", "2", "http://www.sbml.org/sbml/level2/version2"},
    {"2", "3", "http://www.sbml.org/sbml/level2/version3"},
    {"2", "4", "http://www.sbml.org/sbml/level2/version4"},
    {"2", "5", "http://www.sbml.org/sbml/level2/version5"},
    {"3", "1", "http://www.sbml.org/sbml/level3/version1/core"},
    {"3", "2", "http://www.sbml.org/sbml/level3/version2/core"},
};

// What is wrong with the level that a start tag of `sbml` gives: libSBML throws, and loses its memory.
std::string wrong_level(std::string_view tag) {
    const Attributes all = attributes(tag);
    const auto value = [&](std::string_view name) {
        const auto found = std::ranges::find(all, name, &Attributes::value_type::first);
        return found == all.end() ? std::string_view{} : found->second;
    };
    const std::string_view level = value("level"), version = value("version");
    if (level.empty() || version.empty()) return "the element 'sbml' must give its level and version";
    const std::string given = "level " + std::string(level) + " version " + std::string(version);
    const auto known = std::ranges::find_if(
        levels, [&](const Level& l) { return l.level == level && l.version == version; });
    if (known == std::end(levels)) return "there is no SBML " + given;
    const bool declared = std::ranges::any_of(all, [&](const auto& attribute) {
        return attribute.first.starts_with("xmlns") && attribute.second == known->uri;
    });
    if (declared) return {};
    return "the namespace of SBML " + given + " is '" + std::string(known->uri) + "', which is not given";
}

struct Open {
    std::string_view name;
    int children = 0;
    bool operation() const { return name == "apply" || name == "piecewise"; }
};

class Scan {
  public:
    Scan(std::uint32_t file, Diagnostics& diagnostics)
        : text_(diagnostics.sources().text(file)), file_(file), diagnostics_(&diagnostics) {}

    bool run() {
        for (std::size_t at = text_.find('<'); at != npos && ok_; at = text_.find('<', at)) at = markup(at);
        return ok_;
    }

  private:
    // Reads what starts at text[at] == '<'; returns where it ends, npos to stop.
    std::size_t markup(std::size_t at) {
        const std::string_view rest = text_.substr(at);
        if (rest.starts_with("<!--")) return behind(text_, at, "-->");
        if (rest.starts_with("<![CDATA[")) return behind(text_, at, "]]>");
        if (rest.starts_with("<?")) return behind(text_, at, "?>");
        if (rest.starts_with("<!")) return refuse(at, "a document type or entity declaration is not SBML");
        const std::size_t end = end_of_tag(text_, at);
        if (end == npos) return npos;
        if (rest.starts_with("</")) {
            if (!open_.empty()) open_.pop_back();
            return end;
        }
        return start_tag(at, end);
    }

    std::size_t start_tag(std::size_t at, std::size_t end) {
        if (!open_.empty() && ++open_.back().children > most_operands && open_.back().operation())
            return refuse(at, "an operation has more than " + std::to_string(most_operands) + " operands");
        const std::string_view tag = text_.substr(at + 1, end - at - 1);
        if (open_.empty() && local_name(tag) == "sbml") {
            if (std::string wrong = wrong_level(tag); !wrong.empty()) return refuse(at, std::move(wrong));
        }
        if (text_[end - 2] == '/') return end;
        open_.push_back({local_name(tag)});
        if (open_.size() > deepest_nesting)
            return refuse(at, "elements are nested deeper than " + std::to_string(deepest_nesting));
        return end;
    }

    std::size_t refuse(std::size_t at, std::string message) {
        const auto begin = static_cast<std::uint32_t>(at);
        diagnostics_->error({file_, begin, begin + 1}, std::move(message));
        ok_ = false;
        return npos;
    }

    std::string_view text_;
    std::uint32_t file_;
    Diagnostics* diagnostics_;
    std::vector<Open> open_;
    bool ok_ = true;
};

}  // namespace

bool looks_like_sbml(std::string_view text) {
    if (is_utf16(text)) return true;
    if (text.starts_with(utf8_mark)) text.remove_prefix(utf8_mark.size());
    const std::size_t first = text.find_first_not_of(blanks);
    return first != npos && text[first] == '<';  // no statement of Antimony starts so
}

bool scan_xml(std::uint32_t file, Diagnostics& diagnostics) {
    const std::string_view text = diagnostics.sources().text(file);
    const auto refuse = [&](std::size_t at, std::string message, std::string help = {}) {
        const auto begin = static_cast<std::uint32_t>(at);
        diagnostics.error({file, begin, begin}, std::move(message), std::move(help));
        return false;
    };
    if (text.find_first_not_of(blanks) == npos) return refuse(0, "the file is empty");
    if (is_utf16(text)) return refuse(0, "the text is UTF-16", "save it as UTF-8");
    if (const std::size_t nul = text.find('\0'); nul != npos)
        return refuse(nul, "a NUL byte: this is not text");
    return Scan(file, diagnostics).run();
}

}  // namespace rondo
