// terminal.h: a progress line with bar, rate and time left, where someone watches.
#pragma once
#include <memory>

#include "runtime/parallel/executor.h"

namespace rondo {

// On the terminal open as file number `number` (2: standard error). Null if it is no terminal, or one that
// cannot erase a line. The line is redrawn at most ten times a second and is gone after end().
std::unique_ptr<Progress> terminal_progress(int number = 2);

// The line itself, drawn on file number `number` as on a terminal of `columns`; 0: as many as that one has.
std::unique_ptr<Progress> progress_line(int number, int columns);

}  // namespace rondo
