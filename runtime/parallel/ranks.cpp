#include "runtime/parallel/ranks.h"

#include <dlfcn.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include "dsl/syntax/error.h"
#include "runtime/parallel/executor.h"
#include "runtime/parallel/mpi_abi.h"
#include "runtime/plugin/plugin.h"

namespace rondo {

namespace {

// A whole number from the environment; 0 if there is none.
int number_of(const char* name) {
    const char* text = std::getenv(name);
    int number = 0;
    if (text) std::from_chars(text, text + std::string_view(text).size(), number);
    return number;
}

class MpiLine : public Line {
  public:
    explicit MpiLine(void* library) {
        find_function(library, "MPI", "rondo_mpi_start", start_);
        find_function(library, "MPI", "rondo_mpi_send", send_);
        find_function(library, "MPI", "rondo_mpi_look", look_);
        find_function(library, "MPI", "rondo_mpi_receive", receive_);
        find_function(library, "MPI", "rondo_mpi_finish", finish_);
        if (start_(&rank_, &size_) != 0)
            throw Error(Fault::unsupported, "MPI does not start with threads here");
    }
    ~MpiLine() override { finish_(); }
    int rank() const override { return rank_; }
    int size() const override { return size_; }
    void send(int to, std::string bytes) override { send_(to, bytes.data(), bytes.size()); }
    std::optional<Message> receive() override {
        int from = 0;
        const long count = look_(&from);
        if (count < 0) return std::nullopt;
        std::string bytes(static_cast<std::size_t>(count), '\0');
        receive_(from, bytes.data(), bytes.size());
        return Message{from, std::move(bytes)};
    }

  private:
    decltype(&mpi::rondo_mpi_start) start_;
    decltype(&mpi::rondo_mpi_send) send_;
    decltype(&mpi::rondo_mpi_look) look_;
    decltype(&mpi::rondo_mpi_receive) receive_;
    decltype(&mpi::rondo_mpi_finish) finish_;
    int rank_ = 0, size_ = 1;
};

// Cores that the process's control group may use at once; 0: no bound.
int group_cores() {
    std::ifstream file("/sys/fs/cgroup/cpu.max");
    double quota = 0, period = 0;
    if (!(file >> quota >> period) || period <= 0) return 0;  // "max"
    return std::max(1, static_cast<int>(std::floor(quota / period)));
}

}  // namespace

int ranks_started() {
    const int step = std::getenv("SLURM_PROCID") ? number_of("SLURM_STEP_NUM_TASKS") : 0;
    return std::max({1, number_of("OMPI_COMM_WORLD_SIZE"), number_of("PMI_SIZE"), step});
}

std::unique_ptr<Line> mpi_line() {
    // Its own plugins look for MPI's symbols among those of the whole process.
    std::string reason;
    void* const library = load_library(plugin_folder() / "librondo_mpi.so", RTLD_GLOBAL, reason);
    if (library) return std::make_unique<MpiLine>(library);
    throw Error(Fault::unsupported, "started as one of " + std::to_string(ranks_started()) +
                                        " ranks, but this Rondo has no MPI (" + reason +
                                        "): install libopenmpi-dev and build again, or start it alone");
}

std::string idle_cores(int jobs) {
    const int task = number_of("SLURM_CPUS_PER_TASK");
    const int granted = std::max(
        task, std::getenv("SLURM_JOB_ID") && ranks_started() == 1 ? number_of("SLURM_CPUS_ON_NODE") : 0);
    const int group = group_cores();
    const int usable = group > 0 ? std::min(usable_cores(), group) : usable_cores();
    if (granted > jobs && usable > jobs)
        return "the batch system granted " + std::to_string(granted) + " cores, " + std::to_string(jobs) +
               (jobs == 1 ? " is" : " are") + " used: start with --jobs " + std::to_string(granted) +
               ", or more ranks";
    if (granted > usable)
        return "the batch system granted " + std::to_string(granted) + " cores, but this process may use " +
               std::to_string(usable) + ": srun needs --cpus-per-task, mpirun --bind-to none";
    return "";
}

}  // namespace rondo
