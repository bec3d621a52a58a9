// parse_unit.cpp: `unit u = 1e-3 mole/litre`, `x has u`.
#include <cmath>

#include "dsl/syntax/parser.h"

namespace rondo {

namespace {

UnitTree raised(UnitTree unit, double exponent) {
    for (UnitFactor& factor : unit) factor.exponent *= exponent;
    return unit;
}

bool is_one(const UnitFactor& factor) {
    return factor.multiplier == 1 && factor.name.empty();
}

}  // namespace

double Parser::signed_number() {
    const bool negative = accept_sign("-");
    if (!at_kind(TokenKind::number)) fail_here("a number");
    const double value = take().value;
    return negative ? -value : value;
}

// A number belongs to the unit behind it: `60 second^2` is (60 second)^2. One alone is dimensionless.
UnitTree Parser::unit_factor() {
    const Nested nested(*this);
    UnitTree unit;
    if (at_sign("(")) {
        open("(");
        unit = unit_product();
        close(")");
    } else {
        UnitFactor factor{.span = peek().span};
        const bool number = at_kind(TokenKind::number);
        if (number) factor.multiplier = take().value;
        if (at_kind(TokenKind::word))
            factor.name = take().text;
        else if (!number)
            fail_here("a unit");
        factor.span = between(factor.span);
        unit.push_back(std::move(factor));
    }
    if (!accept_sign("^")) return unit;
    return raised(std::move(unit), signed_number());
}

UnitTree Parser::unit_product() {
    UnitTree product = unit_factor();
    while (at_sign("*") || at_sign("/")) {
        const bool inverse = take().text == "/";
        for (UnitFactor& factor : raised(unit_factor(), inverse ? -1 : 1))
            product.push_back(std::move(factor));
    }
    return product;
}

UnitTree Parser::unit() {
    UnitTree unit = unit_product();
    if (unit.size() > 1) std::erase_if(unit, is_one);
    for (UnitFactor& factor : unit)
        if (factor.name.empty()) factor.name = "dimensionless";
    return unit;
}

void Parser::unit_statement(ModelTree& model) {
    const Span begin = take().span;
    UnitStatement statement{.id = word_name("the unit's name")};
    expect_sign("=", "behind the unit's name");
    statement.unit = unit();
    add(model, begin, std::move(statement));
}

void Parser::has_statement(ModelTree& model) {
    HasStatement statement{.id = name("a name")};
    take();
    statement.unit = unit();
    const Span begin = statement.id.span;
    add(model, begin, std::move(statement));
}

}  // namespace rondo
