// parse_unread.cpp: statements of Antimony that Rondo does not read yet, recognised by their first words.
#include <algorithm>

#include "dsl/syntax/parser.h"

namespace rondo {

namespace {

struct Field {
    std::string_view name, feature;
};

constexpr std::string_view sbo = "SBO terms ('x.sboTerm = 245')";
constexpr std::string_view balance = "flux balance constraints ('J.geneProductAssociation', 'S.charge')";
constexpr std::string_view conversion = "conversion factors ('S.conversionFactor = p')";
constexpr std::string_view uncertainty = "uncertainties ('x.mean = 3')";
constexpr std::string_view layout = "layouts ('S.position = ...')";

constexpr Field fields[] = {
    {"sboTerm", sbo},
    {"kineticLaw", sbo},
    {"geneProductAssociation", balance},
    {"associatedSpecies", balance},
    {"charge", balance},
    {"chemicalFormula", balance},
    {"conversionFactor", conversion},
    {"mean", uncertainty},
    {"stdev", uncertainty},
    {"standardDeviation", uncertainty},
    {"coefficientOfVariation", uncertainty},
    {"kurtosis", uncertainty},
    {"median", uncertainty},
    {"mode", uncertainty},
    {"sampleSize", uncertainty},
    {"skewness", uncertainty},
    {"standardError", uncertainty},
    {"variance", uncertainty},
    {"confidenceInterval", uncertainty},
    {"credibleInterval", uncertainty},
    {"interquartileRange", uncertainty},
    {"range", uncertainty},
    {"distribution", uncertainty},
    {"externalParameter", uncertainty},
    {"x", layout},
    {"y", layout},
    {"pos", layout},
    {"position", layout},
    {"size", layout},
    {"height", layout},
    {"width", layout},
    {"color", layout},
    {"fillcolor", layout},
    {"font", layout},
    {"fontsize", layout},
    {"fontcolor", layout},
    {"fontstyle", layout},
    {"fontweight", layout},
    {"linewidth", layout},
    {"linecolor", layout},
    {"shape", layout},
    {"layout", layout},
    {"autolayout", layout},
};

constexpr std::string_view comparisons[] = {"<", "<=", ">", ">=", "==", "!="};

constexpr std::string_view constraints = "constraints ('A <= 5')";
constexpr std::string_view submodels = "submodels ('A: M(...)', 'A.x')";

}  // namespace

// `x identity "..."`, `x.y part "..."`, `notes "..."`, `creator1.name "..."`, `created.year 2014`.
bool Parser::at_annotation(std::size_t at) {
    if (!at_kind(TokenKind::word, at) || at_word("import", at)) return false;
    std::size_t next = at + 1;
    while (next < at + 4 && at_sign(".", next) && at_kind(TokenKind::word, next + 1)) next += 2;
    if (next > at + 1 && peek(at).text.starts_with("creat")) return true;
    if (at_kind(TokenKind::string, next)) return true;
    return at_kind(TokenKind::word, next) && !at_word("is", next) && at_kind(TokenKind::string, next + 1);
}

// Of a statement that begins with a word; empty if Rondo reads it.
std::string_view Parser::feature_of_word(std::size_t at) {
    const bool operand_follows = at_kind(TokenKind::word, at + 1) || at_kind(TokenKind::number, at + 1) ||
                                 at_sign("(", at + 1) || at_sign("!", at + 1) || at_sign("-", at + 1);
    const bool is_in = at_word("is", at + 1) || at_word("in", at + 1);
    if (operand_follows && !is_in) {
        if (at_word("at", at)) return "events ('at ...')";
        if (at_word("delete", at)) return "deletions ('delete A.x')";
        if (at_word("maximize", at) || at_word("minimize", at)) return "objectives ('maximize J')";
        if (at_word("unit", at)) return "unit definitions ('unit u = ...')";
        if (at_word("constraint", at)) return constraints;
    }
    if (at_word("constraint", at) && at_sign(":", at + 1)) return constraints;
    if (at_word("import", at) && at_kind(TokenKind::string, at + 1)) return "imports ('import \"file\"')";
    if (at_annotation(at)) return annotations;
    if (at_word("has", at + 1)) return "units ('x has u')";
    if (at_word("is", at + 1) && at_kind(TokenKind::word, at + 2)) return "replacements ('A.x is y')";
    if (at_sign("(", at + 1)) return submodels;
    if (at_sign(".", at + 1) && at_kind(TokenKind::word, at + 2)) {
        const auto field = std::find_if(std::begin(fields), std::end(fields),
                                        [&](const Field& f) { return f.name == peek(at + 2).text; });
        return field == std::end(fields) ? submodels : field->feature;
    }
    if (at_sign("-", at + 1) && !adjacent(at + 2)) return {};
    if (at_sign("-", at + 1) && at_sign("-", at + 2)) return "genes and DNA strands";
    if (at_sign("-", at + 1) && (at_sign("|", at + 2) || at_sign("(", at + 2) || at_word("o", at + 2)))
        return "interactions ('E -| J')";
    return {};
}

std::string_view Parser::feature_ahead(std::size_t at) {
    std::size_t second = at + 1;
    if (at_sign("-", at) && at_sign("-", at + 1)) return "genes and DNA strands";
    if (at_sign("-", at) && at_kind(TokenKind::number, at + 1)) ++second;
    if (at_kind(TokenKind::word, at) || at_kind(TokenKind::number, second - 1)) {
        const Token& sign = peek(second);
        const bool compares =
            std::find(std::begin(comparisons), std::end(comparisons), sign.text) != std::end(comparisons);
        if (sign.kind == TokenKind::sign && compares) return constraints;
    }
    if (at_kind(TokenKind::number, second - 1) && at_sign("=", second)) return "algebraic rules ('0 = ...')";
    return at_kind(TokenKind::word, at) ? feature_of_word(at) : std::string_view{};
}

// To its end: the newline may follow the `,` of a list, and the `:` of an event; a reaction has one `;`
// inside.
void Parser::skip_statement() {
    bool reaction = false;
    while (!at_kind(TokenKind::end_of_file) && (!at_sign(";") || reaction)) {
        if (at_kind(TokenKind::newline)) {
            const std::string_view last = diagnostics_->sources().slice(last_);
            if (last != "," && last != ":") return;
        }
        const Token token = take();
        reaction = is_arrow(token) || (reaction && token.text != ";");
        note(token);
    }
}

bool Parser::unread_statement() {
    const bool label = at_kind(TokenKind::word) && at_sign(":", 1) && !at_word("constraint");
    const std::string_view feature = feature_ahead(label ? 2 : 0);
    if (feature.empty()) return false;
    const Span begin = peek().span;
    skip_statement();
    unsupported(between(begin), feature);
    return true;
}

}  // namespace rondo
