// flux_writer.h: a network's bounds and objectives as package fbc, version 2, has them. Private to sbml/.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "sbml/export.h"

namespace rondo {

// Version 2 bounds a reaction by two parameters: numbers and formulas become parameters of their own, and of
// several bounds on one side the tightest number is kept, or the last that is none.
class FluxWriter {
  public:
    explicit FluxWriter(Export& to);

    bool present() const { return present_; }
    // The network's own, then those made for bounds.
    const std::vector<GlobalParameter>& parameters() const { return parameters_; }
    const std::vector<InitialAssignment>& initial_assignments() const { return initial_assignments_; }
    void add_bounds(const std::string& reaction, Tag& tag) const;
    void add_chemistry(const std::string& species, Tag& tag) const;
    void write_objectives();

  private:
    struct Bounds {
        MathPtr lower, upper;
    };
    struct Chemistry {
        std::string charge, formula;
    };
    void add_bound(const FluxBound& bound);
    void add_chemistry(const Remark& remark);
    std::string parameter_of(const MathPtr& value);

    Export& to_;
    bool present_ = false;
    std::map<std::string, Bounds> bounds_;                                 // by reaction
    std::map<std::string, std::pair<std::string, std::string>> bounding_;  // parameters, by reaction
    std::map<std::string, Chemistry> chemistry_;                           // by species
    std::map<double, std::string> numbers_;                                // parameters made for numbers
    std::vector<GlobalParameter> parameters_;
    std::vector<InitialAssignment> initial_assignments_;
};

}  // namespace rondo
