#include "sbml/markup.h"

#include "sbml/xml.h"

namespace rondo {

namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void add_text(const ::XMLNode& node, std::string& out) {
    if (node.isText()) out += node.getCharacters();
    for (unsigned i = 0; i < node.getNumChildren(); ++i) add_text(node.getChild(i), out);
}

std::string trimmed(const std::string& text) {
    std::size_t begin = 0, end = text.size();
    while (begin < end && is_blank(text[begin])) ++begin;
    while (end > begin && is_blank(text[end - 1])) --end;
    return text.substr(begin, end - begin);
}

}  // namespace

std::string plain_text(const ::XMLNode& node) {
    std::string text, line;
    add_text(node, text);
    for (const char c : text) {
        if (!is_blank(c))
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    return trimmed(line);
}

std::string inner_markup(const ::XMLNode& notes) {
    std::string text;
    for (unsigned i = 0; i < notes.getNumChildren(); ++i) text += notes.getChild(i).toXMLString();
    return trimmed(text);
}

}  // namespace rondo
