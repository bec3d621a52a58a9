// read_remarks.cpp: names of terms, notes and histories, in Antimony's words.
#include <sbml/annotation/ModelCreator.h>
#include <sbml/annotation/ModelHistory.h>

#include "sbml/import.h"
#include "sbml/markup.h"
#include "sbml/qualifiers.h"

namespace rondo {

namespace {

class RemarkReader {
  public:
    explicit RemarkReader(Import& import) : import_(import) {}

    // `id` is empty for the model.
    void read(const ::SBase& from, const std::string& id) {
        of_ = id;
        span_ = import_.span(from);
        if (from.isSetSBOTerm()) add("sboTerm", {from.getSBOTermID()});
        for (unsigned i = 0; i < from.getNumCVTerms(); ++i) term(*const_cast<::SBase&>(from).getCVTerm(i));
        if (const ::ModelHistory* history = from.getModelHistory()) read_history(*history);
        if (from.isSetNotes())
            if (std::string notes = inner_markup(*from.getNotes()); !notes.empty())
                add("notes", {std::move(notes)});
    }

    // What has no id has no name to be said of.
    template <class List>
    void list(const List* items) {
        for (unsigned i = 0; i < items->size(); ++i)
            if (const auto& item = *items->get(i); !item.getIdAttribute().empty())
                read(item, item.getIdAttribute());
    }

  private:
    void add(std::string property, std::vector<std::string> values) {
        import_.network.remarks.push_back({of_, std::move(property), std::move(values), span_});
    }

    void term(const ::CVTerm& term) {
        const QualifierWord* known = qualifier(term);
        if (known == nullptr || term.getNumResources() == 0) return;
        std::vector<std::string> resources;
        for (unsigned i = 0; i < term.getNumResources(); ++i) resources.push_back(term.getResourceURI(i));
        add(std::string(known->word), std::move(resources));
    }

    void read_history(const ::ModelHistory& from) {
        auto& history = const_cast<::ModelHistory&>(from);  // its getters are not const
        for (unsigned i = 0; i < history.getNumCreators(); ++i) read_creator(*history.getCreator(i), i + 1);
        if (history.isSetCreatedDate()) add("created", {history.getCreatedDate()->getDateAsString()});
        for (unsigned i = 0; i < history.getNumModifiedDates(); ++i)
            add("modified", {history.getModifiedDate(i)->getDateAsString()});
    }

    void read_creator(::ModelCreator& from, unsigned number) {
        const std::string creator = "creator" + std::to_string(number) + ".";
        if (from.isSetName()) add(creator + "name", {from.getName()});
        if (from.isSetGivenName()) add(creator + "givenName", {from.getGivenName()});
        if (from.isSetFamilyName()) add(creator + "familyName", {from.getFamilyName()});
        if (from.isSetOrganization()) add(creator + "organization", {from.getOrganization()});
        if (from.isSetEmail()) add(creator + "email", {from.getEmail()});
    }

    Import& import_;
    std::string of_;
    Span span_;
};

}  // namespace

void read_remarks(Import& import) {
    const ::Model& model = import.model;
    RemarkReader reader(import);
    reader.read(model, "");
    reader.list(model.getListOfFunctionDefinitions());
    reader.list(model.getListOfCompartments());
    reader.list(model.getListOfSpecies());
    reader.list(model.getListOfParameters());
    reader.list(model.getListOfReactions());
    reader.list(model.getListOfEvents());
}

}  // namespace rondo
