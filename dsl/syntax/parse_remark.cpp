// parse_remark.cpp: what is said of an element beside its meaning.
#include <algorithm>

#include "dsl/syntax/parser.h"

namespace rondo {

namespace {

enum class Word : std::uint8_t { none, sbo, balance, conversion, uncertainty, layout };

struct Row {
    std::string_view name;
    Word word;
};

constexpr Row words[] = {
    {"sboTerm", Word::sbo},
    {"geneProductAssociation", Word::balance},
    {"associatedSpecies", Word::balance},
    {"charge", Word::balance},
    {"chemicalFormula", Word::balance},
    {"conversionFactor", Word::conversion},
    {"mean", Word::uncertainty},
    {"stdev", Word::uncertainty},
    {"standardDeviation", Word::uncertainty},
    {"coefficientOfVariation", Word::uncertainty},
    {"kurtosis", Word::uncertainty},
    {"median", Word::uncertainty},
    {"mode", Word::uncertainty},
    {"sampleSize", Word::uncertainty},
    {"skewness", Word::uncertainty},
    {"standardError", Word::uncertainty},
    {"variance", Word::uncertainty},
    {"confidenceInterval", Word::uncertainty},
    {"credibleInterval", Word::uncertainty},
    {"interquartileRange", Word::uncertainty},
    {"range", Word::uncertainty},
    {"distribution", Word::uncertainty},
    {"externalParameter", Word::uncertainty},
    {"x", Word::layout},
    {"y", Word::layout},
    {"pos", Word::layout},
    {"position", Word::layout},
    {"size", Word::layout},
    {"height", Word::layout},
    {"width", Word::layout},
    {"color", Word::layout},
    {"fillcolor", Word::layout},
    {"font", Word::layout},
    {"fontsize", Word::layout},
    {"fontcolor", Word::layout},
    {"fontstyle", Word::layout},
    {"fontweight", Word::layout},
    {"linewidth", Word::layout},
    {"lineWidth", Word::layout},
    {"linethickness", Word::layout},
    {"lineThickness", Word::layout},
    {"linecolor", Word::layout},
    {"shape", Word::layout},
};

constexpr std::string_view uncertainty = "uncertainties ('x.mean = 3')";
constexpr std::string_view balance = "flux balance annotations ('J.geneProductAssociation', 'S.charge')";

Word word_named(std::string_view name) {
    const auto row =
        std::find_if(std::begin(words), std::end(words), [&](const Row& r) { return r.name == name; });
    return row == std::end(words) ? Word::none : row->word;
}

bool is_history(std::string_view word) {
    return word == "notes" || word == "created" || word == "modified" || word.starts_with("creator");
}

}  // namespace

bool said_behind_point(std::string_view word) {
    return word_named(word.substr(word.rfind('.') + 1)) != Word::none;
}

// Behind the qualifier at `at`, `creator1.name` and `creator[1].name` too.
std::size_t Parser::qualifier_end(std::size_t at) {
    if (!at_kind(TokenKind::word, at)) return at;
    std::size_t end = at + 1;
    if (at_sign("[", end) && at_kind(TokenKind::number, end + 1) && at_sign("]", end + 2)) end += 3;
    if (is_history(peek(at).text) && at_sign(".", end) && at_kind(TokenKind::word, end + 1)) end += 2;
    return end;
}

// `x part "..."`, `notes "..."`, `creator1.name "..."`, `created.year 2014`.
bool Parser::at_annotation(std::size_t at) {
    const auto valued = [&](std::size_t word) {
        const std::size_t end = qualifier_end(word);
        const std::size_t value = at_sign("=", end) && is_history(peek(word).text) ? end + 1 : end;
        return end > word &&
               (at_kind(TokenKind::string, value) || (at_kind(TokenKind::number, value) && end > word + 1));
    };
    const std::size_t behind = name_end(at);
    if (behind == at) return false;
    if (is_history(peek(at).text) && valued(at)) return true;
    return valued(behind) && !at_word("is", behind);
}

std::string Parser::qualifier() {
    const std::size_t count = qualifier_end(0);
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        const Token word = take();
        if (word.text != "[" && word.text != "]") text += word.text;
    }
    return text;
}

// `, ` and perhaps a new line between them.
std::vector<std::string> Parser::remark_values() {
    accept_sign("=");
    if (at_kind(TokenKind::number)) return {std::string(take().text)};
    std::vector<std::string> values;
    do {
        skip_newlines();
        if (!at_kind(TokenKind::string)) fail_here("a text");
        values.push_back(plain_string(take()));
    } while (accept_sign(","));
    return values;
}

// `notes` may stand alone, or behind `model`.
RemarkStatement Parser::annotation() {
    RemarkStatement remark{.span = peek().span};
    const bool of_model =
        is_history(peek().text) && qualifier_end(0) > 0 && !at_kind(TokenKind::word, qualifier_end(0));
    if (at_word("model"))
        take();
    else if (!of_model)
        remark.of = name("a name");
    remark.property = qualifier();
    remark.values = remark_values();
    remark.span = between(remark.span);
    return remark;
}

// Whether the dotted name at `at` ends in a word that is said of what stands before it. `A.x` of a submodel A
// is its x.
bool Parser::at_property(std::size_t at) {
    const std::size_t end = name_end(at);
    if (end < at + 3) return false;
    const std::string_view first = peek(at).text;
    if (first == "model") return true;
    const Word word = word_named(peek(end - 1).text);
    if (word == Word::none) return first != "model" && end >= at + 3 && at_word("layout", at + 2);
    const bool reaches_in = std::find(submodels_.begin(), submodels_.end(), first) != submodels_.end();
    return !reaches_in || word == Word::sbo || word == Word::conversion;
}

// "SBO:0000245" of `245`, `SBO:245`, `sbo:0000245`.
std::string Parser::sbo_term() {
    if (at_kind(TokenKind::word) && (peek().text == "SBO" || peek().text == "sbo" || peek().text == "Sbo")) {
        take();
        expect_sign(":", "in the SBO term");
    }
    if (!at_kind(TokenKind::number))
        fail_here("a number of the Systems Biology Ontology, such as SBO:0000245");
    const Token number = take();
    if (number.value < 0 || number.value > 9999999 ||
        number.text.find_first_not_of("0123456789") != std::string_view::npos)
        fail(number.span, "an SBO term has at most 7 digits");
    const std::string digits = std::to_string(static_cast<long>(number.value));
    return "SBO:" + std::string(7 - digits.size(), '0') + digits;
}

// As written, to the end of the statement.
std::vector<std::string> Parser::written_values() {
    if (accept_word("is") || at_kind(TokenKind::string)) return remark_values();
    if (!at_sign("{")) {
        const Span begin = peek().span;
        const ExprPtr value = expression();
        return {std::string(diagnostics_->sources().slice(join(begin, value->span)))};
    }
    std::vector<std::string> values;
    open("{");
    do {
        const ExprPtr value = expression();
        values.push_back(std::string(diagnostics_->sources().slice(value->span)));
    } while (accept_sign(","));
    close("}");
    return values;
}

// `x.WORD = value`, `x.y.WORD is "..."`, `model.WORD = value`.
void Parser::property(ModelTree& model) {
    const Span begin = peek().span;
    Name of = name("a name");
    const std::size_t point = of.text.rfind('.');
    std::string word = of.text.substr(point + 1);
    of.text.resize(point);
    if (word == "sboTerm" && of.text.ends_with(".kineticLaw")) {
        of.text.resize(of.text.size() - std::string_view(".kineticLaw").size());
        word = "kineticLaw.sboTerm";
    }
    if (of.text == "model") of.text.clear();
    const Word kind =
        of.text.starts_with("model.") ? Word::layout : word_named(word.substr(word.rfind('.') + 1));
    if (kind == Word::none || kind == Word::layout) return skip_statement();
    if (!at_word("is")) expect_sign("=", "behind '" + word + "'");
    if (kind == Word::conversion)
        return add(model, begin, ConversionStatement{.of = std::move(of), .factor = name("a parameter")});
    if (kind == Word::balance) kept_only(begin, balance);
    if (kind == Word::uncertainty) kept_only(begin, uncertainty);
    RemarkStatement remark{.of = std::move(of), .property = std::move(word)};
    remark.values = kind == Word::sbo ? std::vector{sbo_term()} : written_values();
    remark.span = between(begin);
    add(model, begin, std::move(remark));
}

// One that is only kept is a warning, once a file for each kind.
void Parser::kept_only(Span span, std::string_view kind) {
    const auto known =
        std::find_if(features_.begin(), features_.end(), [&](const Feature& f) { return f.name == kind; });
    if (known == features_.end())
        features_.push_back({std::string(kind), span, 1});
    else
        ++known->count;
}

void Parser::report_kept() {
    for (const Feature& feature : features_) {
        const std::string others =
            std::to_string(feature.count - 1) + (feature.count == 2 ? " more" : " more of them");
        diagnostics_->warning(feature.first, feature.name + " are kept but change nothing",
                              feature.count > 1 ? "the file has " + others : "");
    }
}

}  // namespace rondo
