// document.cpp: text to libSBML's document, libSBML's findings to diagnostics.
#include "sbml/document.h"

#include <sbml/SBMLReader.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "sbml/guard.h"
#include "sbml/packages.h"

namespace rondo {

namespace {

constexpr std::string_view declaration = "<?xml version='1.0' encoding='UTF-8'?>";
constexpr std::string_view utf8_mark = "\xef\xbb\xbf";
constexpr std::size_t most_findings = 50;
constexpr std::size_t longest_detail = 300;

// Findings about what cannot change a trajectory.
bool harmless(const ::SBMLError& finding) {
    const unsigned id = finding.getErrorId();
    const unsigned category = finding.getCategory();
    const bool annotation = id >= ::MissingAnnotationNamespace && id <= ::MultipleAnnotations;
    const bool notes = id >= ::NotesNotInXHTMLNamespace && id <= ::OnlyOneNotesElementAllowed;
    const bool units = id == ::InvalidUnitIdSyntax || id == ::DanglingUnitReference ||
                       (id >= ::InvalidUnitDefId && id <= ::AllowedAttributesOnUnit);
    return annotation || notes || units || category == ::LIBSBML_CAT_SBO_CONSISTENCY ||
           category == ::LIBSBML_CAT_UNITS_CONSISTENCY;
}

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string one_line(std::string_view text) {
    std::string line(text);
    std::replace_if(
        line.begin(), line.end(), [](unsigned char c) { return std::isspace(c) != 0; }, ' ');
    return line;
}

// What a finding says about this document: its text may quote the rule and a reference before the case at
// hand.
std::string_view detail(std::string_view message) {
    message = trim(message);
    const std::size_t reference = message.find("\nReference: ");
    const bool quotes = reference != std::string_view::npos;
    const std::size_t end = message.find('\n', quotes ? reference + 1 : 0);
    if (end == std::string_view::npos) return quotes ? std::string_view{} : message;
    return trim(message.substr(end));
}

// A formula quoted in full can be as long as the file.
std::string shortened(std::string_view text) {
    return text.size() <= longest_detail ? one_line(text) : one_line(text.substr(0, longest_detail)) + "...";
}

std::string message_of(const ::SBMLError& finding) {
    std::string text = finding.getShortMessage();
    if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])))
        text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    const std::string whole = finding.getMessage();
    const std::string more = shortened(detail(whole));
    if (text.ends_with('.')) text.pop_back();
    if (!more.empty() && more.find(finding.getShortMessage()) == std::string::npos) text += ": " + more;
    return text + " (libSBML " + std::to_string(finding.getErrorId()) + ")";
}

void report(const ::SBMLError& finding, const Places& places, Diagnostics& diagnostics) {
    const unsigned id = finding.getErrorId();
    const bool in_text = finding.isXML() && id != ::XMLAttributeTypeMismatch && id != ::XMLTagMismatch;
    const Span span = in_text ? places.point(finding.getLine(), finding.getColumn())
                              : places.tag(finding.getLine(), finding.getColumn());
    if (harmless(finding))
        diagnostics.warning(span, message_of(finding));
    else
        diagnostics.error(span, message_of(finding));
}

void report_findings(const Document& document, Diagnostics& diagnostics) {
    const ::SBMLErrorLog& log = *document.sbml->getErrorLog();
    std::size_t errors = 0, warnings = 0;
    for (unsigned i = 0; i < log.getNumErrors(); ++i) {
        const ::SBMLError& finding = *log.getError(i);
        if (!finding.isError() && !finding.isFatal()) continue;
        std::size_t& count = harmless(finding) ? warnings : errors;
        if (++count <= most_findings) report(finding, document.places, diagnostics);
    }
    const std::size_t shown = std::min(errors, most_findings) + std::min(warnings, most_findings);
    if (errors + warnings > shown)
        diagnostics.warning({}, std::to_string(errors + warnings - shown) + " more findings are not shown");
}

bool has_errors(const ::SBMLDocument& sbml) {
    return sbml.getNumErrors(::LIBSBML_SEV_ERROR) + sbml.getNumErrors(::LIBSBML_SEV_FATAL) > 0;
}

// libSBML looks for each name of a formula, and for each unit, through all there are. That may take so many
// steps; what it would find in larger models, check() finds in the network.
constexpr double most_steps = 1e6;

// Names and the shape of formulas. General consistency is left out: it takes time quadratic in the size of
// formulas, and what of it matters is checked on the network.
// libSBML's checks of rateOf read what need not be there: an operand, the formula of a rule.
void check_names_and_math(::SBMLDocument& sbml, bool has_rate_of) {
    const ::Model& model = *sbml.getModel();
    const double elements = 1.0 + model.getNumCompartments() + model.getNumSpecies() +
                            model.getNumParameters() + model.getNumReactions();
    const double formulas = 1.0 + model.getNumInitialAssignments() + model.getNumRules() +
                            model.getNumReactions() + model.getNumEvents();
    const bool units_are_many = model.getNumUnitDefinitions() * elements > most_steps;
    sbml.setConsistencyChecks(::LIBSBML_CAT_MATHML_CONSISTENCY,
                              !has_rate_of && formulas * elements <= most_steps);
    sbml.setConsistencyChecks(::LIBSBML_CAT_IDENTIFIER_CONSISTENCY, !units_are_many);
    for (const auto category :
         {::LIBSBML_CAT_GENERAL_CONSISTENCY, ::LIBSBML_CAT_UNITS_CONSISTENCY, ::LIBSBML_CAT_SBO_CONSISTENCY,
          ::LIBSBML_CAT_OVERDETERMINED_MODEL, ::LIBSBML_CAT_MODELING_PRACTICE})
        sbml.setConsistencyChecks(category, false);
    sbml.checkConsistency();
}

}  // namespace

bool errors_since(const Diagnostics& diagnostics, std::size_t count) {
    const auto is_error = [](const Diagnostic& item) { return item.severity != Severity::warning; };
    const std::vector<Diagnostic>& list = diagnostics.list();
    return std::any_of(list.begin() + static_cast<std::ptrdiff_t>(count), list.end(), is_error);
}

Places::Places(std::uint32_t file, const std::string& text, std::size_t inserted)
    : file_(file), text_(&text), inserted_(inserted), line_starts_{0} {
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '\n') line_starts_.push_back(i + 1);
}

std::size_t Places::offset(unsigned line, unsigned column) const {
    if (line > line_starts_.size()) return text_->size();
    std::size_t skip = column > 0 ? column - 1 : 0;
    if (line == 1) skip -= std::min(skip, inserted_);
    const std::size_t next = line < line_starts_.size() ? line_starts_[line] : text_->size() + 1;
    return std::min(line_starts_[line - 1] + skip, next - 1);
}

Span Places::point(unsigned line, unsigned column) const {
    if (line == 0 || text_ == nullptr) return {};
    const auto at = static_cast<std::uint32_t>(offset(line, column));
    return {file_, at, std::min(at + 1, static_cast<std::uint32_t>(text_->size()))};
}

Span Places::tag(unsigned line, unsigned column) const {
    if (line == 0 || text_ == nullptr) return {};
    const std::size_t end = offset(line, column);
    const std::size_t begin = end == 0 ? std::string::npos : text_->rfind('<', end - 1);
    if (begin == std::string::npos) return point(line, column);
    const std::size_t close = text_->find('>', begin);
    const std::size_t last = close == std::string::npos ? end : close + 1;
    return {file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(last)};
}

std::optional<Document> open_document(std::uint32_t file, Diagnostics& diagnostics) {
    const std::string& text = diagnostics.sources().text(file);
    std::string xml = text.starts_with(utf8_mark) ? text.substr(utf8_mark.size()) : text;
    const bool declared = xml.starts_with("<?xml");
    if (!declared) xml.insert(0, declaration);  // libSBML would insert a line, and shift every place
    const std::size_t inserted = declared ? 0 : declaration.size();
    Document document{std::unique_ptr<::SBMLDocument>(::readSBMLFromString(xml.c_str())),
                      Places(file, text, inserted)};
    const std::size_t before = diagnostics.list().size();
    sort_packages(document, diagnostics);
    if (errors_since(diagnostics, before)) return std::nullopt;
    bool well = !has_errors(*document.sbml);
    if (well && is_hierarchical(*document.sbml)) {
        if (!flatten(document, file, diagnostics)) return std::nullopt;
        well = !has_errors(*document.sbml);
    }
    const ::Model* model = document.sbml->getModel();
    if (well && model != nullptr && references_are_known(*model, document.places, diagnostics))
        check_names_and_math(*document.sbml, xml.find("rateOf") != std::string::npos);
    report_findings(document, diagnostics);
    if (errors_since(diagnostics, before)) return std::nullopt;
    return document;
}

}  // namespace rondo
