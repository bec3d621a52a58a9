// crew_overhead.cpp: what handing work to a rank costs rank 0. To be run as
//
//   mpirun -n 2 crew_overhead
//
// Rank 1 answers at once with as many labels as it was sent points. For some sizes of an ask: bytes of both
// messages, microseconds of rank 0's CPU an ask, and seconds from ask to answer.
#include <time.h>

#include <chrono>
#include <iostream>
#include <thread>

#include "runtime/parallel/executor.h"
#include "runtime/parallel/ranks.h"
#include "runtime/table/bytes.h"

namespace {

using namespace rondo;

double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

Table labels(std::size_t rows) {
    Table table;
    table.set("freq_X", std::vector<double>(rows, 0.25));
    table.set("rhythm", std::vector<std::string>(rows, "sustained"));
    table.set("reason", std::vector<std::string>(rows, ""));
    table.set("rhs_calls", std::vector<double>(rows, 5000));
    return table;
}

void measure(Crew& crew, std::size_t items) {
    constexpr int asks = 2000;
    Table points;
    for (const char* name : {"a", "b"}) points.set(name, std::vector<double>(items, 1.5));
    std::size_t sent = 0, received = 0;
    double cpu = 0;
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < asks; ++i) {
        const double before = cpu_seconds();
        const std::string packed = to_bytes(points);
        crew.ask(1, 1, "setup", 0, items, packed);
        cpu += cpu_seconds() - before;
        std::optional<Crew::Answer> answer;
        while (!(answer = crew.answer())) std::this_thread::yield();
        const double then = cpu_seconds();
        if (table_from_bytes(answer->bytes).rows() != items) std::abort();
        cpu += cpu_seconds() - then;
        sent = packed.size();
        received = answer->bytes.size();
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begun;
    std::cout << items << " points an ask: " << sent << " bytes out, " << received << " bytes back, "
              << 1e6 * cpu / asks << " us of rank 0 to pack, send and unpack, " << 1e6 * wall.count() / asks
              << " us there and back\n";
}

// What looking for a message costs that is there, or not.
void measure_looking(Crew& crew) {
    constexpr int looks = 100'000;
    const double before = cpu_seconds();
    for (int i = 0; i < looks; ++i)
        if (crew.answer()) std::abort();
    std::cout << "a look for answers: " << 1e6 * (cpu_seconds() - before) / looks << " us\n";
}

}  // namespace

int main() {
    const auto line = mpi_line();
    if (line->rank() > 0) {
        StopFlag stop = false;
        const Prepare prepare = [](std::string_view) -> Handler {
            return [](std::string_view items, const Executor&) {
                return to_bytes(labels(table_from_bytes(items).rows()));
            };
        };
        help(*line, prepare, 1, stop);
        return 0;
    }
    Crew crew(*line);
    measure_looking(crew);
    for (const std::size_t items : {1, 10, 100, 500}) measure(crew, items);
}
