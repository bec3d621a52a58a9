// parse_statement.cpp: which statement of a model begins here; assignments, declarations, names.
#include <algorithm>

#include "dsl/syntax/parser.h"

namespace rondo {

namespace {

constexpr std::string_view flags[] = {"var", "const", "ext", "substanceOnly"};

constexpr std::string_view kinds[] = {"species", "compartment", "formula", "reaction",
                                      "gene",    "operator",    "DNA",     "geneProduct"};

constexpr Declared declared_kinds[] = {Declared::species,  Declared::compartment, Declared::parameter,
                                       Declared::reaction, Declared::gene,        Declared::operator_,
                                       Declared::dna,      Declared::gene_product};

constexpr std::string_view strands = "genes and DNA strands";

constexpr std::string_view statement_words[] = {
    "species",  "compartment", "formula",     "reaction", "var",    "const",   "ext",        "substanceOnly",
    "model",    "end",         "function",    "at",       "unit",   "gene",    "constraint", "maximize",
    "minimize", "delete",      "geneProduct", "module",   "import", "operator"};

bool contains(std::span<const std::string_view> words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::string_view comparisons[] = {"<", "<=", ">", ">=", "==", "!="};

}  // namespace

// Behind the name at `at`, with the points of submodels; `at` if there is none.
std::size_t Parser::name_end(std::size_t at) {
    if (!at_kind(TokenKind::word, at)) return at;
    std::size_t end = index_end(at + 1);
    while (end + 2 < ahead_.size() / 2 && at_sign(".", end) && at_kind(TokenKind::word, end + 1))
        end = index_end(end + 2);
    return end;
}

Name Parser::word_name(const std::string& what) {
    const Token word = expect_word(what);
    Name name{std::string(word.text), word.span};
    name.text += indices();
    name.span = between(word.span);
    return name;
}

Name Parser::name(const std::string& what) {
    Name name = word_name(what);
    while (at_sign(".") && at_kind(TokenKind::word, 1)) {
        take();
        name.text += '.' + std::string(take().text);
        name.text += indices();
    }
    name.span = between(name.span);
    return name;
}

// `J: `, if it is there.
Name Parser::label() {
    if (!at_kind(TokenKind::word) || !at_sign(":", index_end(1))) return {};
    Name label = word_name("a name");
    take();
    return label;
}

// `= e`, `:= e`, `'= e`; the value is null where nothing follows.
bool Parser::assigned_value(AssignmentKind& kind, ExprPtr& value) {
    if (!at_assignment(0)) return false;
    kind = at_sign("=")    ? AssignmentKind::initial
           : at_sign(":=") ? AssignmentKind::assignment
                           : AssignmentKind::rate;
    if (take().text == "'") take();
    if (!at_statement_end() && !at_sign(",")) value = expression();
    return true;
}

void Parser::assignment(ModelTree& model) {
    const Span begin = peek().span;
    AssignmentStatement assignment{.id = name("a name")};
    assigned_value(assignment.kind, assignment.value);
    const bool number = assignment.value && assignment.value->kind == ExprKind::number;
    if (number && assignment.kind == AssignmentKind::initial)
        constants_[assignment.id.text] = assignment.value->value;
    add(model, begin, std::move(assignment));
}

// `id: 2.5 = formula`
void Parser::algebraic(ModelTree& model) {
    const Span begin = peek().span;
    AlgebraicStatement rule{.id = label()};
    rule.value = signed_number();
    expect_sign("=", "in the rule");
    rule.formula = expression();
    add(model, begin, std::move(rule));
}

// `A <= 5`, `constraint c: A == 3`
void Parser::constraint(ModelTree& model) {
    const Span begin = peek().span;
    ConstraintStatement constraint;
    if (accept_word("constraint")) {
        if (at_kind(TokenKind::word) && at_sign(":", 1)) constraint.id = word_name("the constraint's name");
        expect_sign(":", "behind 'constraint'");
    } else {
        constraint.id = label();
    }
    constraint.formula = expression();
    add(model, begin, std::move(constraint));
}

// `id: maximize 2*J + K`
void Parser::objective(ModelTree& model) {
    const Span begin = peek().span;
    ObjectiveStatement objective{.id = label()};
    objective.maximize = take().text == "maximize";
    objective.formula = expression();
    add(model, begin, std::move(objective));
}

// A word that is also a flag or a kind declares only in front of a name.
bool Parser::at_declaration() {
    if (!at_kind(TokenKind::word)) return false;
    const std::string_view word = peek().text;
    if (!contains(flags, word) && !contains(kinds, word)) return false;
    return at_sign("$", 1) ||
           (at_kind(TokenKind::word, 1) && !at_word("in", 1) && !at_word("is", 1) && !at_word("has", 1));
}

DeclarationItem Parser::declaration_item() {
    DeclarationItem item;
    item.boundary = accept_sign("$");
    item.id = name("a name to declare");
    if (accept_word("in")) item.compartment = name("a compartment");
    item.has_value = assigned_value(item.kind, item.value);
    if (accept_word("has")) item.unit = unit();
    return item;
}

Declared Parser::declared_kind() {
    const Token kind = take();
    const auto row = std::find(std::begin(kinds), std::end(kinds), kind.text);
    const Declared declared = declared_kinds[row - std::begin(kinds)];
    if (declared == Declared::gene_product) kept_only(kind.span, "gene products ('geneProduct g')");
    if (declared >= Declared::gene && declared != Declared::gene_product) kept_only(kind.span, strands);
    return declared;
}

void Parser::declaration(ModelTree& model) {
    const Span begin = peek().span;
    DeclarationStatement declaration;
    while (at_declaration() && contains(flags, peek().text)) {
        const std::string_view flag = take().text;
        if (flag == "substanceOnly") declaration.substance_only = true;
        if (flag == "var") declaration.constancy = Constancy::variable;
        if (flag == "const" || flag == "ext") declaration.constancy = Constancy::constant;
    }
    if (at_declaration()) declaration.declared = declared_kind();
    do {
        skip_newlines();
        declaration.items.push_back(declaration_item());
    } while (accept_sign(","));
    add(model, begin, std::move(declaration));
}

// `S in C`, and `S in C = 3`, which only adds a value.
void Parser::in_statement(ModelTree& model) {
    const Span begin = peek().span;
    DeclarationItem item = declaration_item();
    if (!item.has_value && item.unit.empty())
        return add(model, begin, InStatement{std::move(item.id), std::move(item.compartment)});
    DeclarationStatement declaration;
    declaration.items.push_back(std::move(item));
    add(model, begin, std::move(declaration));
}

void Parser::name_statement(ModelTree& model) {
    const Span begin = peek().span;
    NameStatement statement{.id = name("a name")};
    take();
    statement.text = plain_string(take());
    add(model, begin, std::move(statement));
}

void Parser::fail_unknown_statement() {
    const Token word = peek();
    if (word.kind != TokenKind::word) fail_here("a statement");
    const std::vector<std::string> keywords(std::begin(statement_words), std::end(statement_words));
    if (at_kind(TokenKind::word, 1) || at_kind(TokenKind::number, 1) || at_kind(TokenKind::string, 1))
        fail(word.span, "unknown statement " + describe(word), did_you_mean(word.text, keywords));
    const std::string name(word.text);
    take();
    if (!at_statement_end())
        fail_here("'=', ':=', an arrow or another statement's sign behind '" + name + "'",
                  at_sign("*") || at_sign("/") ? "a rate law stands on the line of its reaction" : "");
    fail(word.span, "'" + name + "' alone is no statement", "'species " + name + "' declares it");
}

// What a word in front of an operand means as a statement's first.
bool Parser::keyword_statement(ModelTree& model, std::size_t at) {
    if (at_event(at)) return event(model), true;
    if (at == 0 && at_declaration() && !at_annotation(0)) return declaration(model), true;
    const bool operand = at_kind(TokenKind::word, at + 1) || at_kind(TokenKind::number, at + 1) ||
                         at_sign("(", at + 1) || at_sign("-", at + 1) || at_sign("!", at + 1);
    if (at_word("constraint", at) && (at_sign(":", at + 1) || operand) && !at_annotation(at))
        return constraint(model), true;
    if (!operand || at_word("is", at + 1) || at_word("in", at + 1) || at_word("has", at + 1) ||
        at_annotation(at))
        return false;
    if (at_word("maximize", at) || at_word("minimize", at)) return objective(model), true;
    if (at > 0) return false;
    if (at_word("unit")) return unit_statement(model), true;
    if (at_word("delete")) return deletion(model), true;
    return false;
}

// A statement whose first name, perhaps behind a label, ends at `end`.
bool Parser::name_first_statement(ModelTree& model, std::size_t at, std::size_t end) {
    if (at_sign("(", end) && end == at + 1) return submodel(model), true;
    if (at_interaction(end)) return interaction(model), true;
    if (at_strand(end)) return strand(model), true;
    if (at_comparison(end)) return constraint(model), true;
    if (at > 0) return false;
    if (at_property(0)) return property(model), true;
    if (at_assignment(end) && !at_annotation(0)) return assignment(model), true;
    if (at_word("is", end) && at_kind(TokenKind::string, end + 1)) return name_statement(model), true;
    if (at_annotation(0)) {
        const Span begin = peek().span;
        return add(model, begin, annotation()), true;
    }
    if (at_synchrony(end)) return synchrony(model), true;
    if (at_word("has", end)) return has_statement(model), true;
    if (at_word("in", end) && !at_sign(":", end + 2)) return in_statement(model), true;
    return false;
}

bool Parser::at_comparison(std::size_t at) {
    const Token& sign = peek(at);
    return sign.kind == TokenKind::sign &&
           std::find(std::begin(comparisons), std::end(comparisons), sign.text) != std::end(comparisons);
}

void Parser::model_statement(ModelTree& model) {
    if (at_loop()) return loop(model);
    const std::size_t behind = index_end(1);
    const std::size_t at =
        at_kind(TokenKind::word) && at_sign(":", behind) ? behind + 1 : 0;  // behind a label
    if (keyword_statement(model, at) || (at > 0 && at_word("constraint") && keyword_statement(model, 0)))
        return;
    const std::size_t end = name_end(at);
    if (end > at && name_first_statement(model, at, end)) return;
    if (at_strand(at)) return strand(model);
    const std::size_t number = at_sign("-", at) ? at + 1 : at;
    if (at_kind(TokenKind::number, number) && at_sign("=", number + 1)) return algebraic(model);
    if (at_kind(TokenKind::number, number) && at_comparison(number + 1)) return constraint(model);
    reaction(model);
}

}  // namespace rondo
