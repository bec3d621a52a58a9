// export.h: what the parts of the writer share. Private to sbml/.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/model/network.h"
#include "sbml/mathml.h"
#include "sbml/xml.h"

namespace rondo {

class Export {
  public:
    explicit Export(const Network& from);

    const Network& network;
    XmlWriter out;
    int version = 2;  // of Level 3: 1 if a reaction is fast, which Version 2 cannot say

    // An element of the network with the remarks made on it: `begin`, its content, `end`. `id` of the model
    // is empty.
    void begin(Tag tag, const std::string& id);
    void end() { out.close(); }
    // One without further content.
    void element(Tag tag, const std::string& id);
    // A list that is left out if it has no items.
    template <class Items, class Write>
    void list(std::string_view name, const Items& items, Write write) {
        if (std::empty(items)) return;
        out.open(name);
        for (const auto& item : items) write(*this, item);
        out.close();
    }

    // A unit's id where it means something; Antimony may name one that nothing defines.
    std::string unit(const std::string& id) const;
    void math(const MathPtr& math) { write_math(*math, units_, out); }
    // An id that nothing has, made from `wish`.
    std::string fresh_id(std::string wish);

  private:
    // Notes and annotation of the element `id`; its other remarks become attributes of `tag`.
    std::string said_of(const std::string& id, Tag& tag) const;

    std::set<std::string> units_;  // that are defined
    std::set<std::string> ids_;
    std::map<std::string, std::vector<const Remark*>> remarks_;  // by what they are of
};

class FluxWriter;

// Each writes a part of the network where SBML has it.
void write_units(Export&);
void write_compartments(Export&);
void write_species(Export&, const FluxWriter&);
void write_reactions(Export&, const FluxWriter&);
void write_events(Export&);

// Notes and annotation of an element: their markup, none if there is nothing of the kind.
std::string notes_and_annotation(const std::vector<const Remark*>& remarks, const std::string& metaid);

}  // namespace rondo
