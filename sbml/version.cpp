#include <sbml/common/libsbml-version.h>

#include "sbml/sbml.h"

namespace rondo {

std::string libsbml_version() {
    return getLibSBMLDottedVersion();
}

}  // namespace rondo
