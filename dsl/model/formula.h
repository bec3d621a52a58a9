// formula.h: syntax trees of formulas to Math, for many formulas with the same functions.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dsl/model/network.h"
#include "dsl/syntax/diagnostic.h"
#include "dsl/syntax/tree.h"

namespace rondo {

class MathReader {
  public:
    explicit MathReader(Diagnostics& diagnostics) : diagnostics_(&diagnostics) {}

    // May be called from then on. `name` must live as long as the reader.
    void add_function(std::string_view name, std::size_t arguments) { functions_[name] = arguments; }

    // Never null: what is wrong is reported and stands as NaN.
    MathPtr read(const Expr&);

  private:
    MathPtr read_binary(const Expr&);
    MathPtr read_comparisons(const Expr&);
    MathPtr read_call(const Expr&);
    MathPtr read_special(const Expr&, const std::vector<MathPtr>& args);
    MathPtr wrong(Span span, std::string message, std::string help = {});
    MathPtr wrong_count(const Expr& call, const std::string& takes);
    MathPtr unknown_function(const Expr& call);

    Diagnostics* diagnostics_;
    std::unordered_map<std::string_view, std::size_t> functions_;
    int mixed_chains_ = 0;
};

// Each symbol that stands in `math`, in order, with repetitions.
void for_each_symbol(const Math& math, const std::function<void(const Math&)>& visit);

// The names of the symbols in `math`, in order, with repetitions.
std::vector<std::string> symbol_names(const Math& math);

}  // namespace rondo
