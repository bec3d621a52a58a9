// observables.cpp: the observable table: formulas, how measuring errs, and placeholders.
#include <algorithm>
#include <charconv>

#include "dsl/model/formula.h"
#include "dsl/model/resolve.h"
#include "dsl/syntax/parse.h"
#include "runtime/petab/reader.h"
#include "runtime/petab/words.h"

namespace rondo {
namespace {

// A formula of the cell. Errors in it are shown in the formula, under the cell's place as its name.
MathPtr read_formula(const Cell& cell, const std::string& what, const Network& network,
                     Diagnostics& diagnostics) {
    if (cell.empty()) {
        diagnostics.error(cell.span, what + " is missing");
        return nullptr;
    }
    Sources& sources = diagnostics.sources();
    const std::string place = sources.where(cell.span);
    const auto file = sources.add(place + ": " + what, cell.text);
    const ExprPtr tree = parse_expression(file, diagnostics);
    return tree ? to_math(*tree, network.functions, diagnostics) : nullptr;
}

// Names such as observableParameter2_ID by their numbers; a number that is left out has an empty name.
std::vector<std::string> placeholders(const MathPtr& math, const std::string& kind, const std::string& id) {
    std::vector<std::string> found;
    if (!math) return found;
    for (const auto& name : symbol_names(*math)) {
        if (!name.starts_with(kind) || !name.ends_with("_" + id)) continue;
        std::size_t number = 0;
        const char* end = name.data() + name.size() - id.size() - 1;
        const auto read = std::from_chars(name.data() + kind.size(), end, number);
        if (read.ptr != end || read.ec != std::errc() || number < 1 || number > 10'000) continue;
        found.resize(std::max(found.size(), number));
        found[number - 1] = name;
    }
    return found;
}

Noise::Kind noise_kind(const Cell& cell, Diagnostics& diagnostics) {
    if (cell.text == "laplace") return Noise::Kind::laplace;
    if (!cell.empty() && cell.text != "normal")
        diagnostics.unsupported(cell.span, "there is no noise distribution '" + cell.text + "'",
                                "there are normal, laplace; with observableTransformation log or log10 they "
                                "are log-normal, log-laplace");
    return Noise::Kind::normal;
}

}  // namespace

std::vector<ObservableRow> read_observables(const Sheet& sheet, const Network& network,
                                            Diagnostics& diagnostics) {
    std::vector<ObservableRow> rows;
    if (!sheet.require({"observableId", "observableFormula", "noiseFormula"}, diagnostics)) return rows;
    for (std::size_t i = 0; i < sheet.rows(); ++i) {
        const Cell& id = sheet.at(i, "observableId");
        if (std::ranges::count(rows, id.text, &ObservableRow::id))
            diagnostics.error(id.span, "observable '" + id.text + "' is there twice");
        const Cell &formula = sheet.at(i, "observableFormula"), &noise = sheet.at(i, "noiseFormula");
        ObservableRow row{id.text, formula.span, noise.span, {}, {}, {}, {}, {}};
        row.formula = read_formula(formula, "the formula of '" + id.text + "'", network, diagnostics);
        row.sigma = read_formula(noise, "the noise formula of '" + id.text + "'", network, diagnostics);
        row.noise.scaling = scaling_of(sheet.at(i, "observableTransformation"), diagnostics);
        row.noise.kind = noise_kind(sheet.at(i, "noiseDistribution"), diagnostics);
        row.formula_placeholders = placeholders(row.formula, "observableParameter", id.text);
        row.noise_placeholders = placeholders(row.sigma, "noiseParameter", id.text);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace rondo
