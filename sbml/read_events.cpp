// read_events.cpp: events, with the defaults of the level they were written in.
#include "sbml/import.h"

namespace rondo {

namespace {

std::string called(const ::Event& event) {
    return event.getId().empty() ? "an event" : "event " + quote(event.getId());
}

void read_assignment(Import& import, const ::EventAssignment& from, Event& to, const std::string& event) {
    const std::string& variable = from.getVariable();
    const std::string what = "the value that " + event + " gives " + quote(variable);
    if (MathPtr math = import.formula(from.getMath(), from, what))
        to.assignments.push_back({variable, std::move(math), import.span(from)});
}

// Before Level 3 a trigger that holds at the start does not fire, and one that ceases to hold cancels
// nothing.
void read_trigger(Import& import, const ::Trigger& from, Event& to, const std::string& event) {
    to.trigger = import.formula(from.getMath(), from, "the trigger of " + event);
    if (import.level() < 3) return;
    to.initial_value = from.getInitialValue();
    to.persistent = from.getPersistent();
}

void read_event(Import& import, const ::Event& from) {
    Event to{.id = from.getId(), .name = import.name(from), .span = import.span(from)};
    const std::string event = called(from);
    to.use_values_from_trigger_time =
        !from.isSetUseValuesFromTriggerTime() || from.getUseValuesFromTriggerTime();
    if (from.isSetTrigger()) read_trigger(import, *from.getTrigger(), to, event);
    if (from.isSetDelay())
        to.delay = import.formula(from.getDelay()->getMath(), *from.getDelay(), "the delay of " + event);
    if (from.isSetPriority())
        to.priority =
            import.formula(from.getPriority()->getMath(), *from.getPriority(), "the priority of " + event);
    for (unsigned i = 0; i < from.getNumEventAssignments(); ++i)
        read_assignment(import, *from.getEventAssignment(i), to, event);
    import.network.events.push_back(std::move(to));
}

}  // namespace

void read_events(Import& import) {
    for (unsigned i = 0; i < import.model.getNumEvents(); ++i) read_event(import, *import.model.getEvent(i));
}

}  // namespace rondo
