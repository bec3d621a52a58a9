// store.h: results under the hash of what made them (design.md, section 4). SQLite, write-ahead log, one
// file.
#pragma once
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "runtime/table/table.h"

namespace rondo {

// SHA-256 over typed, length-prefixed fields, so that no two different argument lists give the same bytes.
// Beginning: the verb and the version of its algorithm.
class Identity {
  public:
    Identity(std::string_view verb, int version);
    ~Identity();
    Identity(const Identity&);  // goes on apart from what it was copied from
    Identity(Identity&&) noexcept;
    Identity& operator=(Identity&&) noexcept;
    Identity& add(std::string_view text);
    Identity& add(double value);  // as bits; -0 is 0, all NaNs are one
    Identity& add(std::integral auto value) { return add_whole(std::int64_t(value)); }
    Identity& add(const Table& table);  // names, kinds and values of its columns, in order
    std::string hex() const;            // of what was added so far: 64 digits

  private:
    Identity& add_whole(std::int64_t value);
    struct State;
    std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);

// One result, as it is put.
struct StoredBytes {
    std::string identity, verb, bytes;
};

// May be used by several threads, and the file by several processes.
class Store {
  public:
    // What is there beyond the bound when a store is closed, least recently used first, is removed; what
    // studies at work have used is not.
    static constexpr std::uint64_t default_bound = 20'000'000'000;  // bytes

    // Opens or makes `file` (and its folder). A damaged store (or an empty file) is set aside as
    // `FILE.damaged-1` and made anew; where nothing can be written, the file is another program's or a newer
    // Rondo's, the store is off and the study runs on. Never throws for any of these: why() says them.
    // fresh: what others put is not found, so everything is computed and put anew.
    explicit Store(const std::filesystem::path& file, bool fresh = false,
                   std::uint64_t bound = default_bound);
    Store();  // off
    ~Store();
    Store(Store&&) noexcept;
    Store& operator=(Store&&) noexcept;
    bool enabled() const;
    // Why it is off, or what was set aside or lost; empty if all is well. May change with find and put.
    std::string why() const;
    // `tell` is called at once with each why() that is to come, from any thread.
    void on_trouble(std::function<void(const std::string& why)> tell);
    // What was put, checked against its checksum; nothing if there is none, or it is damaged (and dropped).
    std::optional<std::string> find(const std::string& identity);
    // On return the bytes outlive a kill of the process.
    void put(const std::string& identity, std::string_view verb, std::string_view bytes);
    // Several at once, and results that they replace removed: all of it or nothing.
    void put(std::span<const StoredBytes> results, std::span<const std::string> obsolete = {});

  private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string sqlite_version();

}  // namespace rondo
