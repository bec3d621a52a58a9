// dump.h: pieces of the dumps of trees.
#pragma once
#include <string>

#include "dsl/syntax/model_tree.h"

namespace rondo {

std::string text_of(double value);
std::string text_of(const Expr& expr);              // operators in front: "(+ 1 (* 2 a))"
std::string dump(const ModelStatement& statement);  // one line, without its end

}  // namespace rondo
