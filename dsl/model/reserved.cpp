#include "dsl/model/reserved.h"

#include <algorithm>

#include "dsl/model/math.h"

namespace rondo {

namespace {

constexpr std::string_view words[] = {"DNA",
                                      "after",
                                      "at",
                                      "compartment",
                                      "const",
                                      "constraint",
                                      "delete",
                                      "end",
                                      "event",
                                      "ext",
                                      "formula",
                                      "function",
                                      "gene",
                                      "geneProduct",
                                      "has",
                                      "import",
                                      "in",
                                      "is",
                                      "maximize",
                                      "minimize",
                                      "model",
                                      "module",
                                      "operator",
                                      "reaction",
                                      "species",
                                      "substanceOnly",
                                      "unit",
                                      "var",
                                      "sqr",
                                      "delay",
                                      "rateOf",
                                      "normal",
                                      "truncatedNormal",
                                      "uniform",
                                      "exponential",
                                      "truncatedExponential",
                                      "gamma",
                                      "truncatedGamma",
                                      "poisson",
                                      "truncatedPoisson",
                                      "binomial",
                                      "bernoulli",
                                      "cauchy",
                                      "laplace",
                                      "lognormal",
                                      "chisquare",
                                      "rayleigh",
                                      "NaN",
                                      "INF"};

constexpr std::string_view units[] = {"length", "area", "volume", "substance", "extent", "time_unit"};

template <std::size_t n>
bool contains(const std::string_view (&list)[n], std::string_view id) {
    return std::find(std::begin(list), std::end(list), id) != std::end(list);
}

}  // namespace

bool is_reserved_argument(std::string_view id) {
    return function_named(id) || constant_named(id) || is_distribution(id) || contains(words, id);
}

bool is_reserved(std::string_view id) {
    return is_reserved_argument(id) || contains(units, id);
}

}  // namespace rondo
