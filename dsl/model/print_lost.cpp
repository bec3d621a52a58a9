// print_lost.cpp: what Antimony has no words for.
#include "dsl/model/print.h"
#include "dsl/model/printer.h"

namespace rondo {
namespace {

std::string quoted_id(const std::string& what, const std::string& id) {
    return id.empty() ? what + " without an id" : what + " '" + id + "'";
}

}  // namespace

std::vector<std::string> lost_in_antimony(const Network& network) {
    std::vector<std::string> lost;
    for (const Compartment& compartment : network.compartments) {
        if (compartment.dimensions != 3)
            lost.push_back("the " + written_number(compartment.dimensions) + " dimensions of compartment '" +
                           compartment.id + "' (Antimony's have 3)");
    }
    for (const Reaction& reaction : network.reactions)
        if (reaction.fast) lost.push_back("that reaction '" + reaction.id + "' is fast");
    for (const Event& event : network.events)
        if (event.assignments.empty())
            lost.push_back(quoted_id("event", event.id) + ", which assigns nothing");
    for (const Constraint& constraint : network.constraints)
        if (!constraint.message.empty())
            lost.push_back("the message of " + quoted_id("constraint", constraint.id));
    for (const FluxObjective& objective : network.objectives)
        if (!objective.active && network.objectives.size() > 1)
            lost.push_back(quoted_id("objective", objective.id) + ", which is not the active one");
    return lost;
}

}  // namespace rondo
