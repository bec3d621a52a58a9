// oscillators.h: the four oscillators of spec/oscillators.md as compiled models, and the exact labels of the
// shared data.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/label/label.h"
#include "runtime/table/table.h"
#include "tests/support/compiled.h"

namespace rondo::testing {

struct Oscillator {
    std::string name;
    Network (*network)();
    std::vector<std::string> observed;

    std::shared_ptr<const CompiledModel> compile() const { return compiled(network(), observed); }
    // With the columns of one row of `points` that name inputs.
    std::vector<double> inputs(const CompiledModel& model, const Table& points, std::size_t row) const;
};

const std::vector<Oscillator>& oscillators();

// hggs/<system>_val_exact.csv.gz below the shared data; empty if it is absent.
std::string exact_file(const Oscillator& system);
std::optional<Table> exact_labels(const Oscillator& system);

// Undecided and failed are never right.
bool same_class(const Label& label, bool oscillates);

// How far (a, b) of the Brusselator is from the curve b = 1 + a^2, in widths of the box [0, 5] x [0, 15].
double brusselator_distance(double a, double b);

}  // namespace rondo::testing
