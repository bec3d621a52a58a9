// parse_reaction.cpp: `J in C: 2 A + $B -> D; k*A in C`.
#include "dsl/syntax/parser.h"

namespace rondo {

void Parser::reaction_label(ReactionStatement& reaction) {
    if (!at_kind(TokenKind::word)) return;
    const bool placed = at_word("in", 1) && at_sign(":", 3);
    if (!placed && !at_sign(":", 1)) return;
    const Token name = take();
    reaction.id = name.text;
    reaction.id_span = name.span;
    if (placed) {
        take();
        const Token compartment = expect_word("a compartment");
        reaction.compartment = compartment.text;
        reaction.compartment_span = compartment.span;
    }
    expect_sign(":", "behind the reaction's name");
}

double Parser::stoichiometry() {
    const bool negative = accept_sign("-");
    if (!at_kind(TokenKind::number)) {
        if (negative) fail_here("a number", "a stoichiometry is a plain number: '-2 S'");
        return 1;
    }
    const double value = take().value;
    if (at_sign("*"))
        fail_here("a species", "a stoichiometry stands before its species without a sign: '2 S'");
    return negative ? -value : value;
}

SpeciesTerm Parser::species_term() {
    SpeciesTerm term;
    const Span begin = peek().span;
    term.stoichiometry = stoichiometry();
    if (at_kind(TokenKind::word) && (at_kind(TokenKind::word, 1) || at_sign("$", 1)))
        unsupported(take().span, "named stoichiometries ('n A -> B')");
    term.boundary = accept_sign("$");
    term.id = expect_word("a species").text;
    if (at_sign(".") && at_kind(TokenKind::word, 1)) {
        while (at_sign(".") && at_kind(TokenKind::word, 1)) take(), take();
        unsupported(between(begin), "submodels ('A.x')");
    }
    term.span = between(begin);
    return term;
}

bool Parser::at_side_end() {
    return at_statement_end() || at_sign("->") || at_sign("=>") || at_sign("<==>");
}

std::vector<SpeciesTerm> Parser::reaction_side() {
    std::vector<SpeciesTerm> terms;
    if (at_side_end()) return terms;
    do {
        terms.push_back(species_term());
    } while (accept_sign("+"));
    return terms;
}

void Parser::arrow(ReactionStatement& reaction) {
    reaction.reversible = !at_sign("=>");
    if (!at_sign("->") && !at_sign("=>") && !at_sign("<==>")) fail_here("'+', '->' or '=>' in a reaction");
    take();
}

// `; rate in C`, each part may be missing but the `;`.
void Parser::rate(ReactionStatement& reaction) {
    if (!at_sign(";"))
        fail_here("';' behind the reaction", "a rate law follows the ';'; without one write '-> A;'");
    take();
    if (!at_statement_end() && !at_model_end() && !at_word("in")) reaction.rate = expression();
    if (!accept_word("in")) return;
    const Token compartment = expect_word("a compartment");
    reaction.compartment = compartment.text;
    reaction.compartment_span = compartment.span;
}

void Parser::reaction(ModelTree& model) {
    ModelStatement statement{.kind = ModelStatement::Kind::reaction, .span = peek().span};
    ReactionStatement& reaction = statement.reaction;
    reaction_label(reaction);
    const bool starts = at_side_end() || at_sign("$") || at_sign("-") || at_kind(TokenKind::number) ||
                        (at_kind(TokenKind::word) &&
                         (at_sign("+", 1) || at_sign("->", 1) || at_sign("=>", 1) || at_sign("<==>", 1) ||
                          at_sign("<->", 1) || at_sign("<=>", 1) || !reaction.id.empty()));
    const bool named_stoichiometry = at_kind(TokenKind::word) &&
                                     (at_sign("$", 1) || at_kind(TokenKind::word, 1)) &&
                                     (at_sign("->", 2) || at_sign("=>", 2) || at_sign("<==>", 2) ||
                                      at_sign("+", 2) || at_kind(TokenKind::word, 2));
    if (!starts && !named_stoichiometry) fail_unknown_statement();
    reaction.reactants = reaction_side();
    arrow(reaction);
    reaction.products = reaction_side();
    rate(reaction);
    statement.span = between(statement.span);
    model.statements.push_back(std::move(statement));
}

}  // namespace rondo
