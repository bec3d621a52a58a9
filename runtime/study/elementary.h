// elementary.h: the operations of dsl/model/math.h on the values of a study, element by element on lists.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/model/math.h"
#include "runtime/study/value.h"

namespace rondo {

// One operation. Arithmetic takes and gives numbers, comparisons give truth values, logic takes those too.
// `name` is how it was written. Lists must have equal lengths. Throws Mistake.
Value apply(Op op, std::string_view name, std::span<const Value> operands);

// pi, inf, true and their like; `time` has no value in a study.
std::optional<Value> elementary_constant(std::string_view name);

// Whether a study may call a function of this name without defining it: the functions of a model's formulas.
bool is_elementary(std::string_view name);
std::vector<std::string> elementary_names();
// name(arguments...). Throws Mistake.
Value call_elementary(const std::string& name, std::span<const Value> arguments);

}  // namespace rondo
