// printer.h: what the parts of printing a network as Antimony share.
#pragma once
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "dsl/model/network.h"

namespace rondo {

class Printer {
  public:
    Printer(const Network& network, bool main) : network_(network), main_(main) { choose_names(); }

    std::string print();

  private:
    using Renames = std::unordered_map<std::string, std::string>;

    // print.cpp: names and formulas
    void choose_names();
    std::string free_name(std::string name);
    std::string name(const std::string& id);
    MathPtr renamed(const MathPtr& math, const Renames& local);
    std::string text(const MathPtr& math, const Renames& local = {});
    void print_title(const std::string& id, const std::string& title);
    void line(const std::string& text) { out_ += "  " + text + ";\n"; }
    void print_body();

    // print_element.cpp
    void print(const FunctionDefinition& function);
    std::string flag(const std::string& id, bool constant) const;
    void print(const Compartment& compartment);
    void print(const Species& species);
    void print(const GlobalParameter& parameter);
    std::string side(const std::vector<SpeciesReference>& references);
    Renames print_locals(const Reaction& reaction);
    void print_stoichiometries(const std::vector<SpeciesReference>& references);
    void print(const Reaction& reaction);
    void print(const InitialAssignment& assignment);
    void print(const Rule& rule);
    void print(const Event& event);
    void print(const Constraint& constraint);
    void print_flux_bounds();
    void print(const FluxObjective& objective);

    // print_unit.cpp
    void print_units();
    std::string unit_id(const std::string& id);
    std::string unit_text(const std::vector<Unit>& units);
    void print_has(const std::string& id, const std::string& units);
    void print_substance(const Species& species);

    // print_remark.cpp
    void print_remarks();
    void print_remarks_of(const std::string& function);
    void print(const Remark& remark, const std::string& of);

    const Network& network_;
    bool main_;
    std::unordered_set<std::string> taken_;
    std::unordered_set<std::string_view> moved_, assigned_;  // by rules and events; initially by a formula
    std::unordered_set<std::string> in_algebraic_;
    std::unordered_map<std::string_view, const Compartment*> compartments_;
    Renames renamed_;
    std::string out_;
};

std::string quoted(std::string_view text);
std::string written_number(double value);  // as a value: INF and NaN have names of their own there

}  // namespace rondo
