// document.h: a parsed SBML document and what libSBML found wrong with it. Private to sbml/.
#pragma once
#include <sbml/SBMLDocument.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dsl/syntax/diagnostic.h"

namespace rondo {

// Places of libSBML (line and column behind a tag) as spans.
class Places {
  public:
    Places() = default;  // knows no place
    Places(std::uint32_t file, const std::string& text, std::size_t inserted);
    // The start tag that ends at this place. Lines and columns from 1; no place if the line is 0.
    Span tag(unsigned line, unsigned column) const;
    Span tag(const ::SBase& element) const { return tag(element.getLine(), element.getColumn()); }
    Span point(unsigned line, unsigned column) const;

  private:
    std::size_t offset(unsigned line, unsigned column) const;

    std::uint32_t file_ = Span::nowhere;
    const std::string* text_ = nullptr;
    std::size_t inserted_ = 0;  // bytes put before the first line for libSBML
    std::vector<std::size_t> line_starts_;
};

struct Document {
    std::unique_ptr<::SBMLDocument> sbml;
    Places places;
};

// Whether anything but warnings came after the first `count` diagnostics.
bool errors_since(const Diagnostics& diagnostics, std::size_t count);

// Parses and checks file `file` of diagnostics.sources(). Reports libSBML's errors (its warnings and matters
// of style are not repeated) and packages. Nothing after errors.
std::optional<Document> open_document(std::uint32_t file, Diagnostics& diagnostics);

}  // namespace rondo
