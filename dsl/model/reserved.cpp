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

constexpr std::string_view greek[] = {  // from U+0391 and U+03B1 on
    "alpha", "beta",   "gamma",   "delta", "epsilon", "zeta",    "eta",  "theta", "iota",
    "kappa", "lambda", "mu",      "nu",    "xi",      "omicron", "pi",   "rho",   "sigma",
    "sigma", "tau",    "upsilon", "phi",   "chi",     "psi",     "omega"};

std::string spelled(char32_t letter) {
    if (letter >= 0x3b1 && letter <= 0x3c9) return std::string(greek[letter - 0x3b1]);
    if (letter >= 0x391 && letter <= 0x3a9) {
        std::string name(greek[letter - 0x391]);
        name[0] = static_cast<char>(name[0] - 'a' + 'A');
        return name;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string number;
    for (char32_t rest = letter; rest > 0; rest /= 16) number.insert(number.begin(), digits[rest % 16]);
    return "_u" + number + "_";
}

char32_t decoded(std::string_view character) {
    const auto lead = static_cast<unsigned char>(character[0]);
    char32_t letter = lead & (0xff >> (character.size() + 1));
    for (const char c : character.substr(1)) letter = letter << 6 | (static_cast<unsigned char>(c) & 0x3f);
    return letter;
}

}  // namespace

std::string ascii_id(std::string_view id) {
    std::string result;
    while (!id.empty()) {
        const std::size_t length = std::max<std::size_t>(1, character_length(id));
        result += length == 1 ? std::string(1, id[0]) : spelled(decoded(id.substr(0, length)));
        id.remove_prefix(length);
    }
    return result;
}

bool is_reserved_argument(std::string_view id) {
    return function_named(id) || constant_named(id) || is_distribution(id) || contains(words, id);
}

bool is_reserved(std::string_view id) {
    return is_reserved_argument(id) || contains(units, id);
}

}  // namespace rondo
