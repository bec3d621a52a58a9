// mpi_plugin.cpp: messages by MPI, the only file that sees it. Loaded where Rondo is started as one of
// several ranks.
#include <mpi.h>

#include <algorithm>
#include <list>
#include <string>

#include "runtime/parallel/mpi_abi.h"

namespace rondo::mpi {
namespace {

constexpr int tag = 1;

// Messages under way, kept until they have left.
struct Sent {
    std::string bytes;
    MPI_Request request = MPI_REQUEST_NULL;
};
std::list<Sent> under_way;

void forget_delivered() {
    under_way.remove_if([](Sent& sent) {
        int done = 0;
        MPI_Test(&sent.request, &done, MPI_STATUS_IGNORE);
        return done != 0;
    });
}

}  // namespace

extern "C" {

// Handing work out and computing are different threads of rank 0, of which one at a time speaks MPI.
int rondo_mpi_start(int* rank, int* size) {
    int provided = 0;
    if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided) != MPI_SUCCESS) return 1;
    if (provided < MPI_THREAD_SERIALIZED) return 2;
    MPI_Comm_rank(MPI_COMM_WORLD, rank);
    MPI_Comm_size(MPI_COMM_WORLD, size);
    return 0;
}

void rondo_mpi_send(int to, const char* bytes, std::size_t count) {
    forget_delivered();
    Sent& sent = under_way.emplace_back();
    sent.bytes.assign(bytes, count);
    MPI_Isend(sent.bytes.data(), static_cast<int>(count), MPI_BYTE, to, tag, MPI_COMM_WORLD, &sent.request);
}

long rondo_mpi_look(int* from) {
    forget_delivered();
    int there = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, tag, MPI_COMM_WORLD, &there, &status);
    if (!there) return -1;
    int count = 0;
    MPI_Get_count(&status, MPI_BYTE, &count);
    *from = status.MPI_SOURCE;
    return count;
}

void rondo_mpi_receive(int from, char* bytes, std::size_t count) {
    MPI_Recv(bytes, static_cast<int>(count), MPI_BYTE, from, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

void rondo_mpi_finish() {
    for (Sent& sent : under_way) MPI_Wait(&sent.request, MPI_STATUS_IGNORE);
    under_way.clear();
    MPI_Finalize();
}

}  // extern "C"

}  // namespace rondo::mpi
