// packages.cpp: which packages a document declares, and what becomes of them.
#include "sbml/packages.h"

#include <set>
#include <string_view>

namespace rondo {

namespace {

// `http://www.sbml.org/sbml/level3/version1/NAME/version1` is the package NAME; empty if it is none.
std::string package_of(std::string_view uri) {
    constexpr std::string_view before = "http://www.sbml.org/sbml/level3/";
    if (!uri.starts_with(before)) return {};
    uri.remove_prefix(before.size());
    const std::size_t begin = uri.find('/');
    if (begin == std::string_view::npos) return {};
    const std::string_view name = uri.substr(begin + 1, uri.find('/', begin + 1) - begin - 1);
    return name == "core" ? std::string{} : std::string(name);
}

bool is_read(const std::string& package) {
    return package == "comp" || package == "fbc" || package == "l3v2extendedmath";
}

}  // namespace

void sort_packages(Document& document, Diagnostics& diagnostics) {
    const ::XMLNamespaces* declared = document.sbml->getNamespaces();
    if (declared == nullptr) return;
    const ::XMLNamespaces namespaces = *declared;  // switching off alters the original
    const Span span = document.places.tag(*document.sbml);
    std::set<std::string> seen;
    for (int i = 0; i < namespaces.getNumNamespaces(); ++i) {
        const std::string uri = namespaces.getURI(i), prefix = namespaces.getPrefix(i);
        const std::string name = package_of(uri);
        if (name.empty() || is_read(name) || !seen.insert(name).second) continue;
        if (document.sbml->getPackageRequired(uri) || document.sbml->getPackageRequired(prefix))
            diagnostics.unsupported(span,
                                    "package '" + name + "' is not supported, and the model requires it");
        else
            diagnostics.warning(span, "package '" + name + "' is ignored: the model does not require it");
        document.sbml->enablePackage(uri, prefix, false);
    }
}

}  // namespace rondo
