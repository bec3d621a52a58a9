// write_remarks.cpp: notes and annotations as libSBML writes them.
#include <sbml/SBMLTypes.h>
#include <sbml/annotation/ModelCreator.h>
#include <sbml/annotation/ModelHistory.h>

#include <charconv>

#include "sbml/export.h"
#include "sbml/qualifiers.h"
#include "sbml/scan.h"

namespace rondo {

namespace {

// Text is put in a paragraph; markup that is none of XHTML's is text.
void add_notes(const std::string& text, ::SBase& to) {
    Sources sources;
    Diagnostics diagnostics(sources);
    const bool markup = text.starts_with('<') && scan_xml(sources.add("notes", text), diagnostics);
    if (markup && to.appendNotes(text) == ::LIBSBML_OPERATION_SUCCESS) return;
    to.appendNotes("<p xmlns=\"http://www.w3.org/1999/xhtml\">" + escape_xml(text) + "</p>");
}

void add_term(const QualifierWord& known, const Remark& remark, ::SBase& to) {
    ::CVTerm term(known.biological ? ::BIOLOGICAL_QUALIFIER : ::MODEL_QUALIFIER);
    if (known.biological)
        term.setBiologicalQualifierType(static_cast<::BiolQualifierType_t>(known.number));
    else
        term.setModelQualifierType(static_cast<::ModelQualifierType_t>(known.number));
    for (const std::string& resource : remark.values) term.addResource(resource);
    to.addCVTerm(&term, true);
}

// "creator2.email": 1 of creators, "email".
std::optional<std::pair<std::size_t, std::string>> creator_part(const std::string& property) {
    constexpr std::string_view word = "creator";
    if (!property.starts_with(word)) return std::nullopt;
    const std::size_t dot = property.find('.');
    if (dot == std::string::npos) return std::nullopt;
    std::size_t number = 1;
    std::from_chars(property.data() + word.size(), property.data() + dot, number);
    if (number < 1 || number > 1000) return std::nullopt;
    return std::pair(number - 1, property.substr(dot + 1));
}

void set_creator(const std::string& part, const std::string& value, ::ModelCreator& creator) {
    if (part == "name") creator.setName(value);
    if (part == "givenName") creator.setGivenName(value);
    if (part == "familyName") creator.setFamilyName(value);
    if (part == "email") creator.setEmail(value);
    if (part == "organization" || part == "organisation" || part == "org") creator.setOrganization(value);
}

class History {
  public:
    // Whether the remark is a part of a history.
    bool take(const Remark& remark) {
        if (remark.values.empty()) return false;
        const std::string& value = remark.values.front();
        if (const auto part = creator_part(remark.property)) {
            if (creators_.size() <= part->first) creators_.resize(part->first + 1);
            set_creator(part->second, value, creators_[part->first]);
        } else if (remark.property == "created") {
            ::Date date(value);
            history_.setCreatedDate(&date);
        } else if (remark.property == "modified") {
            ::Date date(value);
            history_.addModifiedDate(&date);
        } else {
            return false;
        }
        return true;
    }

    void write(::SBase& to) {
        for (auto& creator : creators_) history_.addCreator(&creator);
        to.setModelHistory(&history_);
    }

  private:
    std::vector<::ModelCreator> creators_;
    ::ModelHistory history_;
};

}  // namespace

std::string notes_and_annotation(const std::vector<const Remark*>& remarks, const std::string& metaid) {
    ::Model element(3, 2);
    element.setMetaId(metaid);
    History history;
    for (const Remark* remark : remarks) {
        if (history.take(*remark)) continue;
        if (const QualifierWord* known = qualifier(remark->property))
            add_term(*known, *remark, element);
        else if (remark->property == "notes")
            for (const std::string& text : remark->values) add_notes(text, element);
    }
    history.write(element);
    return element.getNotesString() + element.getAnnotationString();
}

}  // namespace rondo
