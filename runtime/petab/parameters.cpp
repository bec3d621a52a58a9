// parameters.cpp: the parameter table: scales, bounds, nominal values, priors.
#include <algorithm>
#include <array>
#include <cmath>

#include "runtime/petab/reader.h"
#include "runtime/petab/words.h"
#include "runtime/table/csv.h"

namespace rondo {
namespace {

struct PriorName {
    std::string_view word;
    Prior::Kind kind;
    bool of_scaled;
};
constexpr std::array priors{PriorName{"uniform", Prior::Kind::uniform, false},
                            PriorName{"normal", Prior::Kind::normal, false},
                            PriorName{"laplace", Prior::Kind::laplace, false},
                            PriorName{"logNormal", Prior::Kind::log_normal, false},
                            PriorName{"logLaplace", Prior::Kind::log_laplace, false},
                            PriorName{"parameterScaleUniform", Prior::Kind::uniform, true},
                            PriorName{"parameterScaleNormal", Prior::Kind::normal, true},
                            PriorName{"parameterScaleLaplace", Prior::Kind::laplace, true}};

class Rows {
  public:
    Rows(const Sheet& sheet, Diagnostics& diagnostics) : sheet_(sheet), diagnostics_(diagnostics) {}

    ParameterRow read(std::size_t row) {
        const Cell& id = sheet_.at(row, "parameterId");
        ParameterRow result{id.text, id.span, estimate(row), {}};
        FreeParameter& p = result.parameter;
        p.id = id.text;
        p.scaling = scaling_of(sheet_.at(row, "parameterScale"), diagnostics_);
        const Cell& nominal = sheet_.at(row, "nominalValue");
        p.nominal = nominal.empty() && result.estimate
                        ? std::nan("")
                        : number_of(nominal, "the nominal value", diagnostics_);
        if (!result.estimate) return result;
        read_bounds(row, p);
        p.start = Prior{Prior::Kind::uniform, true, p.z(p.lower), p.z(p.upper)};
        if (const auto prior = read_prior(row, "initializationPrior", p)) p.start = *prior;
        p.prior = read_prior(row, "objectivePrior", p);
        return result;
    }

  private:
    bool estimate(std::size_t row) {
        const Cell& cell = sheet_.at(row, "estimate");
        if (cell.text == "1" || cell.text == "1.0") return true;
        if (cell.text != "0" && cell.text != "0.0")
            diagnostics_.error(cell.span, "'estimate' is '" + cell.text + "'; it must be 0 or 1");
        return false;
    }

    void read_bounds(std::size_t row, FreeParameter& p) {
        const Cell& lower = sheet_.at(row, "lowerBound");
        p.lower = number_of(lower, "the lower bound", diagnostics_);
        p.upper = number_of(sheet_.at(row, "upperBound"), "the upper bound", diagnostics_);
        if (p.lower >= p.upper)
            diagnostics_.error(lower.span, "the bounds of '" + p.id + "' leave nothing between them: " +
                                               shortest(p.lower) + " and " + shortest(p.upper));
        if (p.scaling != Scaling::linear && p.lower <= 0)
            diagnostics_.error(lower.span, "the lower bound of '" + p.id +
                                               "' must be positive, since its scale is logarithmic");
        if (p.scaling != Scaling::linear && p.nominal <= 0)
            diagnostics_.error(
                sheet_.at(row, "nominalValue").span,
                "the nominal value of '" + p.id + "' must be positive, since its scale is logarithmic");
    }

    std::optional<Prior> read_prior(std::size_t row, const std::string& which, const FreeParameter& p) {
        const Cell& type = sheet_.at(row, which + "Type");
        const Cell& parameters = sheet_.at(row, which + "Parameters");
        if (type.empty()) return std::nullopt;
        const auto found = std::ranges::find(priors, type.text, &PriorName::word);
        if (found == priors.end()) {
            diagnostics_.unsupported(type.span, "there is no prior '" + type.text + "'",
                                     "there are " + words_of(priors, &PriorName::word));
            return std::nullopt;
        }
        Prior prior{found->kind, found->of_scaled};
        const bool uniform = prior.kind == Prior::Kind::uniform;
        if (uniform && parameters.empty()) {
            prior.first = prior.of_scaled ? p.z(p.lower) : p.lower;
            prior.second = prior.of_scaled ? p.z(p.upper) : p.upper;
            return prior;
        }
        const auto parts = split(parameters.text, ';');
        const auto first = parse_number(parts[0]);
        const auto second = parts.size() == 2 ? parse_number(parts[1]) : std::nullopt;
        if (!first || !second || (uniform ? *first >= *second : *second <= 0)) {
            diagnostics_.error(parameters.empty() ? type.span : parameters.span,
                               "the prior of '" + p.id + "' needs two numbers",
                               uniform ? "LOWER;UPPER" : "LOCATION;SCALE, the scale positive");
            return std::nullopt;
        }
        prior.first = *first;
        prior.second = *second;
        return prior;
    }

    const Sheet& sheet_;
    Diagnostics& diagnostics_;
};

}  // namespace

std::vector<ParameterRow> read_parameters(const Sheet& sheet, Diagnostics& diagnostics) {
    std::vector<ParameterRow> rows;
    if (!sheet.require({"parameterId", "parameterScale", "estimate"}, diagnostics)) return rows;
    Rows reader(sheet, diagnostics);
    for (std::size_t row = 0; row < sheet.rows(); ++row) rows.push_back(reader.read(row));
    return rows;
}

}  // namespace rondo
