// markup.h: XHTML inside SBML (notes, messages) as text. Private to sbml/.
#pragma once
#include <sbml/xml/XMLNode.h>

#include <string>

namespace rondo {

// The characters between tags, blanks run together.
std::string plain_text(const ::XMLNode& node);

// What stands inside <notes>, as markup; lines and blanks as they were written.
std::string inner_markup(const ::XMLNode& notes);

}  // namespace rondo
