// store.h: results under the hash of what made them (design.md, section 4). SQLite, write-ahead log, one
// file.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/table/table.h"

namespace rondo {

// SHA-256 over typed, length-prefixed fields, so that no two different argument lists give the same bytes.
class Identity {
  public:
    Identity(std::string_view verb, int version);
    ~Identity();
    Identity(Identity&&) noexcept;
    Identity& add(std::string_view text);
    Identity& add(double value);  // as bits; -0 is 0, all NaNs are one
    Identity& add(std::int64_t value);
    Identity& add(const Table& table);
    std::string hex() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);

class Store {
  public:
    // Opens or makes `file` (and its folder). A damaged store is set aside with a warning and made anew;
    // where nothing can be written the store is off (enabled() false, why() says it) and the study runs on.
    explicit Store(const std::filesystem::path& file);
    Store();  // off
    ~Store();
    Store(Store&&) noexcept;
    bool enabled() const;
    std::string why() const;
    std::optional<std::string> find(const std::string& identity);
    void put(const std::string& identity, std::string_view verb, std::string_view bytes);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// Tables as bytes, exactly.
std::string to_bytes(const Table&);
Table table_from_bytes(std::string_view bytes);

}  // namespace rondo
