// error.h: what a user can do wrong and what can go wrong for him, as exceptions that carry an exit status.
//
// A failed simulation is not an error: it is a value (see runtime/integrate/stream.h).
#pragma once
#include <stdexcept>
#include <string>

namespace rondo {

// The program's exit status for each kind of fault (design.md, 2.3).
enum class Fault : int { input = 1, usage = 2, unsupported = 3, numerics = 4, interrupted = 130 };

// what() is complete text for a person: where, what was given, what was expected, the way out.
class Error : public std::runtime_error {
  public:
    Error(Fault fault, const std::string& message) : std::runtime_error(message), fault_(fault) {}
    Fault fault() const { return fault_; }

  private:
    Fault fault_;
};

}  // namespace rondo
