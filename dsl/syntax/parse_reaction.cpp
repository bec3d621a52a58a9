// parse_reaction.cpp: `J in C: 2 A + $B -> D; k*A in C`.
#include "dsl/syntax/parser.h"

namespace rondo {

void Parser::reaction_label(ReactionStatement& reaction) {
    if (!at_kind(TokenKind::word)) return;
    const std::size_t behind = index_end(1);
    const bool placed = at_word("in", behind) && at_sign(":", name_end(behind + 1));
    if (!placed && !at_sign(":", behind)) return;
    reaction.id = word_name("a reaction's name");
    if (accept_word("in")) reaction.compartment = name("a compartment");
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
    const std::size_t end = name_end(0);
    const bool symbol = end > 0 && (at_kind(TokenKind::word, end) || at_sign("$", end));
    if (symbol && loops_.contains(peek().text))
        term.stoichiometry = constants_.find(take().text)->second;
    else if (symbol)
        term.symbol = name("a stoichiometry");
    else
        term.stoichiometry = stoichiometry();
    term.boundary = accept_sign("$");
    term.species = name("a species");
    term.span = between(begin);
    return term;
}

bool Parser::at_side_end() {
    return at_statement_end() || is_arrow(peek());
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
    if (!is_arrow(peek())) fail_here("'+', '->' or '=>' in a reaction");
    const Token arrow = take();
    reaction.reversible = arrow.text != "=>";
    if (arrow.text == "<->" || arrow.text == "<=>")
        extension(arrow.span, "'" + std::string(arrow.text) + "'",
                  "write '->' or '<==>' (reversible), or '=>' (irreversible)");
}

// Whether a formula stands behind the `;` taken last.
bool Parser::at_rate() {
    return !at_statement_end() && !at_model_end() && !at_word("in");
}

// `; rate in C`, each part may be missing but the `;`.
void Parser::rate(ReactionStatement& reaction) {
    if (!at_sign(";"))
        fail_here("';' behind the reaction", "a rate law follows the ';'; without one write '-> A;'");
    take();
    if (at_sign("@"))
        mass_action_rate(reaction);
    else if (at_rate())
        reaction.rate = expression();
    if (accept_word("in")) reaction.compartment = name("a compartment");
}

bool Parser::at_arrow(std::size_t at) {
    return is_arrow(peek(at));
}

// Its first words, behind a label: nothing else begins so.
bool Parser::at_reaction_side() {
    if (at_side_end() || at_sign("$") || at_sign("-") || at_kind(TokenKind::number)) return true;
    const auto joins = [&](std::size_t at) { return at_sign("+", at) || at_arrow(at); };
    const std::size_t end = name_end(0);
    if (end == 0) return false;
    if (joins(end) || at_sign("$", end)) return true;
    const std::size_t second = name_end(end);
    return second > end && (joins(second) || at_kind(TokenKind::word, second));
}

void Parser::reaction(ModelTree& model) {
    const Span begin = peek().span;
    ReactionStatement reaction;
    reaction_label(reaction);
    const bool labelled = !reaction.id.empty() && at_kind(TokenKind::word);
    if (!labelled && !at_reaction_side()) fail_unknown_statement();
    reaction.reactants = reaction_side();
    arrow(reaction);
    reaction.products = reaction_side();
    rate(reaction);
    add(model, begin, std::move(reaction));
}

}  // namespace rondo
