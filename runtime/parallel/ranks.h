// ranks.h: the processes that mpirun or srun started together, and what the batch system granted.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "runtime/parallel/crew.h"

namespace rondo {

// How many ranks this process was started among, as the environment of mpirun or srun says; 1: alone.
int ranks_started();

// The line between them, by MPI. The plugin is looked for in the folder that the environment's
// RONDO_PLUGIN_DIR names, else in ../lib beside the program. Throws Error(unsupported) where it was not built
// or MPI does not start.
std::unique_ptr<Line> mpi_line();

// "the batch system granted 16 cores, 4 are used: start with --jobs 16, or more ranks"; empty if none stay
// idle.
std::string idle_cores(int jobs);

}  // namespace rondo
