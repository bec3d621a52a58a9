// terms.h: an equation as the training plugins take it. Private to runtime/surrogate.
#pragma once
#include <array>
#include <deque>
#include <span>
#include <vector>

#include "runtime/surrogate/equation.h"
#include "runtime/surrogate/plugin_abi.h"
#include "runtime/surrogate/surrogate.h"

namespace rondo {

// Owns what the plugin borrows. The equation itself is the first term, its conditions follow.
class Terms {
  public:
    // Throws Error(input): a network or a box that cannot be differentiated, a column missing.
    Terms(const Surrogate& network, const Equation&, const Table& rows);
    void redraw(const Table& rows);
    std::span<const plugin::Term> span() const { return terms_; }

  private:
    struct Store {
        std::vector<std::vector<int>> operands;
        std::vector<plugin::Operation> operations;
        std::vector<int> residuals, by_slot, seconds;
        std::vector<plugin::Slot> slots;
        std::vector<std::size_t> axes;                  // of the first derivatives' channels
        std::vector<std::array<std::size_t, 2>> pairs;  // of the second ones'
        std::vector<std::string> names;                 // of the columns
        std::vector<std::size_t> place;                 // of each unknown, among the slots or the names
        std::vector<double> inputs, columns;
    };
    void add(const Residual&, const Table& rows, double weight);
    static void lay_out(const Residual&, Store&);
    static void write_operations(const Residual&, Store&);
    void read(const Table& rows, Store&, plugin::Term&) const;

    const Surrogate& network_;
    std::deque<Store> stores_;  // which stay where they are
    std::vector<plugin::Term> terms_;
};

}  // namespace rondo
