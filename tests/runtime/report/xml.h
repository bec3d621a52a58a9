// xml.h: reads markup strictly, so that tests can look at elements instead of comparing bytes.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::xml {

struct Element {
    std::string tag;
    std::map<std::string, std::string> attributes;  // unescaped
    std::string text;                               // of the element and those inside it, unescaped
    double number(const std::string& name) const { return std::stod(attributes.at(name)); }
};

// Every element in document order. Throws std::runtime_error at an unclosed or misnested tag, a bare '<' or
// '&', a repeated attribute, an unknown entity, or text outside the root.
std::vector<Element> read(std::string_view document);

std::vector<Element> with_tag(const std::vector<Element>&, std::string_view tag);
// The contents of all <text> elements.
std::vector<std::string> texts(const std::vector<Element>&);

}  // namespace rondo::xml
