#include "tests/support/oscillators.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "runtime/table/csv.h"

namespace rondo::testing {

std::vector<double> Oscillator::inputs(const CompiledModel& model, const Table& points,
                                       std::size_t row) const {
    std::vector<double> inputs = default_inputs(model);
    for (const std::string& column : points.names())
        if (const auto place = model.system().input(column)) inputs[*place] = points.numbers(column)[row];
    return inputs;
}

const std::vector<Oscillator>& oscillators() {
    static const std::vector<Oscillator> all = {{"brusselator", brusselator, {"X", "Y"}},
                                                {"cell_cycle", cell_cycle, {"X", "Y", "Z"}},
                                                {"mpf", mpf, {"X", "Y"}},
                                                {"activator_inhibitor", activator_inhibitor, {"X", "Y"}}};
    return all;
}

std::string exact_file(const Oscillator& system) {
    return std::string(SHARED_DATA) + "/hggs/" + system.name + "_val_exact.csv.gz";
}

std::optional<Table> exact_labels(const Oscillator& system) {
    const std::string file = exact_file(system);
    if (!std::filesystem::exists(file)) return std::nullopt;
    return read_csv(file);
}

bool same_class(const Label& label, bool oscillates) {
    if (label.rhythm == Rhythm::undecided || label.rhythm == Rhythm::failed) return false;
    return (label.rhythm == Rhythm::sustained) == oscillates;
}

double brusselator_distance(double a, double b) {
    double nearest = 1;
    constexpr int points = 2000;
    for (int i = 0; i <= points; ++i) {
        const double x = 5.0 * i / points;
        nearest = std::min(nearest, std::hypot((a - x) / 5, (b - 1 - x * x) / 15));
    }
    return nearest;
}

}  // namespace rondo::testing
