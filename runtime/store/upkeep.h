// upkeep.h: what a store holds, told and looked after (`rondo store`).
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rondo {

struct StoredResult {
    std::string identity, verb;
    std::uint64_t size;       // bytes
    std::int64_t made, used;  // seconds since 1970; made is 0 where an older Rondo put it
};

// All of these throw Error(input): no such file, another program's, a newer Rondo's, damaged, or it cannot be
// read or (prune, drop_damaged) written.

// Most recently used first.
std::vector<StoredResult> list_store(const std::filesystem::path& file);

// The one whose identity begins with `start`. Throws also if there is none, or more than one.
StoredResult find_stored(const std::filesystem::path& file, const std::string& start);
std::string stored_bytes(const std::filesystem::path& file, const std::string& identity);

// What is wrong: with the file, as SQLite says it, and identities of results whose checksum does not fit.
// Empty if all is well.
std::vector<std::string> verify_store(const std::filesystem::path& file);

struct Pruned {
    std::uint64_t results = 0, bytes = 0;
    std::uint64_t left = 0;  // bytes in use afterwards
};
// Removes results, least recently used first, until at most `bound` bytes are in use; what studies at work
// have used since they began stays. Gives the room back to the disk where nobody else has the store open.
Pruned prune_store(const std::filesystem::path& file, std::uint64_t bound);

}  // namespace rondo
