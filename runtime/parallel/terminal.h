// terminal.h: a progress line with bar, rate and time left on standard error, where that is a terminal.
#pragma once
#include <memory>

#include "runtime/parallel/executor.h"

namespace rondo {

// Null if standard error is no terminal.
std::unique_ptr<Progress> terminal_progress();

}  // namespace rondo
