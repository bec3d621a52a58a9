// mpi_abi.h: the C interface between Rondo and the plugin that speaks MPI (mpi_plugin.cpp). Calls come from
// one thread at a time. Nothing is thrown across.
#pragma once
#include <cstddef>

namespace rondo::mpi {

extern "C" {
// 0 when MPI is up; then rank and size are known.
[[gnu::visibility("default")]] int rondo_mpi_start(int* rank, int* size);
[[gnu::visibility("default")]] void rondo_mpi_send(int to, const char* bytes, std::size_t count);
// The bytes of the next message and who sent it; -1 if none has come.
[[gnu::visibility("default")]] long rondo_mpi_look(int* from);
[[gnu::visibility("default")]] void rondo_mpi_receive(int from, char* bytes, std::size_t count);
// Waits for what is under way, and for all ranks.
[[gnu::visibility("default")]] void rondo_mpi_finish();
}

}  // namespace rondo::mpi
