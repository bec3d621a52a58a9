// parse_event.cpp: `E: at 2 after x > 3, t0 = false: k = 4, j = 1`.
#include "dsl/syntax/parser.h"

namespace rondo {

// An operand behind it says that `at` is no name.
bool Parser::at_event(std::size_t at) {
    const Token& next = peek(at + 1);
    const bool operand = next.kind == TokenKind::word || next.kind == TokenKind::number ||
                         at_sign("(", at + 1) || at_sign("!", at + 1) || at_sign("-", at + 1) ||
                         at_sign("+", at + 1);
    return at_word("at", at) && operand && !at_word("in", at + 1) && !at_word("is", at + 1) &&
           !at_word("has", at + 1);
}

bool Parser::truth_value() {
    if (accept_word("true")) return true;
    if (accept_word("false")) return false;
    fail_here("'true' or 'false'");
}

void Parser::event_option(EventStatement& event) {
    const Token option = expect_word("an option of the event: t0, fromTrigger, persistent or priority");
    expect_sign("=", "behind the event's option");
    if (option.text == "t0")
        event.initial_value = truth_value();
    else if (option.text == "fromTrigger")
        event.use_values_from_trigger_time = truth_value();
    else if (option.text == "persistent")
        event.persistent = truth_value();
    else if (option.text == "priority")
        event.priority = expression();
    else
        fail(option.span, "an event has no option " + describe(option),
             "there are t0, fromTrigger, persistent and priority");
}

void Parser::event(ModelTree& model) {
    const Span begin = peek().span;
    EventStatement event{.id = label()};
    take();
    event.trigger = expression();
    if (accept_word("after")) {
        event.delay = event.trigger;
        event.trigger = expression();
    }
    while (accept_sign(",")) event_option(event);
    expect_sign(":", "behind the event's condition", "its assignments follow the ':': 'at x > 3: k = 4'");
    do {
        skip_newlines();
        EventAssignmentTree assignment{.id = name("what the event assigns to")};
        expect_sign("=", "in the event's assignment");
        assignment.value = expression();
        event.assignments.push_back(std::move(assignment));
    } while (accept_sign(",") || accept_sign(":"));
    add(model, begin, std::move(event));
}

}  // namespace rondo
