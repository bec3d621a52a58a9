// write_events.cpp: events.
#include "sbml/export.h"

namespace rondo {

namespace {

void write_assignment(Export& to, const EventAssignment& assignment) {
    to.out.open(Tag("eventAssignment").text("variable", assignment.variable));
    to.math(assignment.math);
    to.out.close();
}

void write_part(Export& to, const std::string& name, const MathPtr& math) {
    if (math == nullptr) return;
    to.out.open(name);
    to.math(math);
    to.out.close();
}

// Version 1 wants a trigger: one that never holds says what none does.
void write_trigger(Export& to, const Event& event) {
    if (event.trigger == nullptr && to.version > 1) return;
    to.out.open(
        Tag("trigger").flag("initialValue", event.initial_value).flag("persistent", event.persistent));
    to.math(event.trigger == nullptr ? make_math(Op::false_, {}) : event.trigger);
    to.out.close();
}

void write_event(Export& to, const Event& event) {
    Tag tag("event");
    tag.text("id", event.id)
        .text("name", event.name)
        .flag("useValuesFromTriggerTime", event.use_values_from_trigger_time);
    if (event.id.empty())
        to.out.open(tag);
    else
        to.begin(tag, event.id);
    write_trigger(to, event);
    write_part(to, "priority", event.priority);
    write_part(to, "delay", event.delay);
    to.list("listOfEventAssignments", event.assignments, write_assignment);
    to.out.close();
}

}  // namespace

void write_events(Export& to) {
    to.list("listOfEvents", to.network.events, write_event);
}

}  // namespace rondo
