// layout.h: the tables of a store and how older ones become them. Of this room alone.
//
//   results(identity, verb, checksum, bytes, made)   what was computed; made: seconds since 1970
//   used(identity, at)                               when it was last asked for or put
//   running(pid, host, since)                        studies that have the store open
//
// PRAGMA application_id tells a store from other programs' databases, PRAGMA user_version is the version of
// the layout.
#pragma once
#include <filesystem>
#include <stdexcept>

#include "runtime/store/sqlite.h"

namespace rondo {

// A file that must be left as it is: another program's, or a newer Rondo's.
struct Unusable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Makes or brings up to date the layout of a database just opened, and chooses its journal: a write-ahead log
// but on file systems of a network. Throws Unusable, SqlFailure.
void prepare(Database&, const std::filesystem::path& file);

// Seconds since 1970.
std::int64_t now_seconds();

}  // namespace rondo
