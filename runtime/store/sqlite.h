// sqlite.h: a database and its statements with owners, failures as exceptions. Of this room alone.
#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rondo {

struct SqlFailure : std::runtime_error {
    SqlFailure(int failure, const std::string& message) : std::runtime_error(message), code(failure & 0xff) {}
    int code;  // SQLITE_FULL, SQLITE_CORRUPT, ...
    bool is_damage() const { return code == SQLITE_CORRUPT || code == SQLITE_NOTADB; }
};

class SqlStatement {
  public:
    SqlStatement(sqlite3* database, const char* sql);
    // Parameters from 1. What is bound must stay until step() is done.
    void bind(int index, std::string_view text);
    void bind(int index, std::int64_t value);
    void bind_bytes(int index, std::string_view bytes);
    bool step();  // true: a row is there
    void reset();
    void run();                                // all its steps, then reset
    std::string_view bytes(int column) const;  // of the row, until the next step or reset
    std::int64_t whole(int column) const { return sqlite3_column_int64(handle_.get(), column); }
    std::string text(int column) const { return std::string(bytes(column)); }

  private:
    struct Finalize {
        void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
    };
    [[noreturn]] void fail(int code) const;
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

class Database {
  public:
    explicit Database(const std::filesystem::path& file);  // made if missing
    void run(const char* sql);
    std::int64_t whole(const char* query);  // the first cell of its answer
    std::string text(const char* query);
    SqlStatement statement(const char* sql) { return SqlStatement(handle_.get(), sql); }
    bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

  private:
    struct Close {
        void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
    };
    std::unique_ptr<sqlite3, Close> handle_;
};

// All or nothing: without commit() nothing of it has happened. Waits its turn to write.
class Transaction {
  public:
    explicit Transaction(Database& database) : database_(database) { database.run("BEGIN IMMEDIATE"); }
    Transaction(const Transaction&) = delete;
    ~Transaction();
    void commit() const { database_.run("COMMIT"); }

  private:
    Database& database_;
};

}  // namespace rondo
