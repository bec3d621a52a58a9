// mistake.h: the two forms an Error takes on its way from the code that found it to the user.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/syntax/error.h"

namespace rondo {

// Found by code that does not know its place in the study; the evaluator adds that.
class Mistake : public Error {
  public:
    explicit Mistake(const std::string& message, std::string way_out = {})
        : Error(Fault::input, message), help_(std::move(way_out)) {}
    const std::string& help() const { return help_; }

  private:
    std::string help_;
};

// Says where it happened; traced once it also says by which calls the study came there.
class LocatedError : public Error {
  public:
    LocatedError(Fault fault, const std::string& text, bool traced) : Error(fault, text), traced_(traced) {}
    bool traced() const { return traced_; }

  private:
    bool traced_;
};

// "a, b, c"
std::string joined(const std::vector<std::string>& words);

}  // namespace rondo
