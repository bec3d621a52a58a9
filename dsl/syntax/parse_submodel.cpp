// parse_submodel.cpp: models inside models, and what joins or removes their parts; interactions and strands.
#include "dsl/syntax/parser.h"

namespace rondo {

SubmodelArgument Parser::submodel_argument() {
    SubmodelArgument argument{.span = peek().span};
    if (at_kind(TokenKind::word))
        argument.name = name("a name");
    else
        argument.value = signed_number();
    argument.span = between(argument.span);
    return argument;
}

// `A: M(x, 3), timeconv = t`
void Parser::submodel(ModelTree& model) {
    const Span begin = peek().span;
    SubmodelStatement submodel{.id = label()};
    submodel.module = word_name("a model's name");
    open("(");
    while (!at_sign(")")) {
        submodel.arguments.push_back(submodel_argument());
        if (!accept_sign(",")) break;
    }
    if (!at_sign(")") && !at_statement_end())
        fail_here(
            "',' or ')'",
            "an argument of a submodel is a name or a number; for a formula write 'x := ...' and pass x");
    close(")");
    while (accept_sign(",")) {
        const Token option = expect_word("timeconv or extentconv");
        expect_sign("=", "behind the submodel's option");
        if (option.text == "timeconv")
            submodel.time_conversion = submodel_argument();
        else if (option.text == "extentconv")
            submodel.extent_conversion = submodel_argument();
        else
            fail(option.span, "a submodel has no option " + describe(option),
                 "there are timeconv and extentconv");
    }
    if (at_word("in"))
        fail_here("a new line or ';'", "give the submodel's compartment a new one: 'A.C is D'");
    if (!submodel.id.empty()) submodels_.push_back(submodel.id.text);
    add(model, begin, std::move(submodel));
}

// `A.x is y`, `A.x * cf is y`, `A.x is y / cf`; the name ends at `end`.
bool Parser::at_synchrony(std::size_t end) {
    if (at_word("is", end)) return at_kind(TokenKind::word, end + 1);
    if (!at_sign("*", end)) return false;
    const std::size_t factor = at_kind(TokenKind::number, end + 1) ? end + 2 : name_end(end + 1);
    return factor > end + 1 && at_word("is", factor);
}

void Parser::synchrony(ModelTree& model) {
    const Span begin = peek().span;
    SynchronyStatement statement{.first = name("a name")};
    if (accept_sign("*")) statement.factor = submodel_argument();
    take();
    statement.second = name("a name");
    if (!statement.factor && accept_sign("/")) statement.factor = submodel_argument();
    add(model, begin, std::move(statement));
}

void Parser::deletion(ModelTree& model) {
    const Span begin = take().span;
    add(model, begin, DeletionStatement{name("what to delete")});
}

// `-|`, `-o` and `-(` are written without a gap.
bool Parser::at_interaction(std::size_t at) {
    if (!at_sign("-", at) || !adjacent(at + 1)) return false;
    return at_sign("|", at + 1) || at_sign("(", at + 1) || (at_word("o", at + 1) && !adjacent(at + 2));
}

// `I: E -| J; rate of J`
void Parser::interaction(ModelTree& model) {
    const Span begin = peek().span;
    InteractionStatement interaction{.id = label()};
    do {
        interaction.agents.push_back(name("a species"));
    } while (accept_sign("+"));
    take();
    const std::string_view sign = take().text;
    interaction.influence = sign == "|"   ? Influence::inhibition
                            : sign == "o" ? Influence::activation
                                          : Influence::unknown;
    interaction.reaction = name("a reaction");
    if (accept_sign(";") && at_rate()) interaction.rate = expression();
    add(model, begin, std::move(interaction));
}

// A `--` without a gap.
bool Parser::at_strand(std::size_t at) {
    return at_sign("-", at) && at_sign("-", at + 1) && adjacent(at + 1);
}

bool Parser::accept_strand() {
    if (!at_strand(0)) return false;
    take();
    take();
    return true;
}

// `D: --P--G--`
void Parser::strand(ModelTree& model) {
    const Span begin = peek().span;
    StrandStatement strand{.id = label()};
    strand.open_start = accept_strand();
    do {
        strand.elements.push_back(name("an element of the DNA strand"));
        strand.open_end = accept_strand();
    } while (strand.open_end && at_kind(TokenKind::word));
    kept_only(between(begin), "genes and DNA strands");
    add(model, begin, std::move(strand));
}

}  // namespace rondo
