// sqlite.cpp: the few calls of SQLite that a store needs.
#include "runtime/store/sqlite.h"

namespace rondo {

namespace {

// How long to wait for another process that writes; a write takes milliseconds.
constexpr int patience_ms = 30'000;

}  // namespace

SqlStatement::SqlStatement(sqlite3* database, const char* sql) {
    sqlite3_stmt* handle = nullptr;
    const int code = sqlite3_prepare_v2(database, sql, -1, &handle, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) throw SqlFailure(code, sqlite3_errmsg(database));
}

void SqlStatement::fail(int code) const {
    throw SqlFailure(code, sqlite3_errmsg(sqlite3_db_handle(handle_.get())));
}

void SqlStatement::bind(int index, std::string_view text) {
    const int code =
        sqlite3_bind_text64(handle_.get(), index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    if (code != SQLITE_OK) fail(code);
}

void SqlStatement::bind(int index, std::int64_t value) {
    const int code = sqlite3_bind_int64(handle_.get(), index, value);
    if (code != SQLITE_OK) fail(code);
}

void SqlStatement::bind_bytes(int index, std::string_view bytes) {
    const char* const data = bytes.empty() ? "" : bytes.data();  // null would mean NULL, not no bytes
    const int code = sqlite3_bind_blob64(handle_.get(), index, data, bytes.size(), SQLITE_STATIC);
    if (code != SQLITE_OK) fail(code);
}

bool SqlStatement::step() {
    const int code = sqlite3_step(handle_.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) fail(code);
    return code == SQLITE_ROW;
}

void SqlStatement::reset() {
    sqlite3_reset(handle_.get());  // repeats the failure of the last step, which was told then
    sqlite3_clear_bindings(handle_.get());
}

void SqlStatement::run() {
    while (step()) continue;
    reset();
}

std::string_view SqlStatement::bytes(int column) const {
    const void* data = sqlite3_column_blob(handle_.get(), column);
    const auto size = std::size_t(sqlite3_column_bytes(handle_.get(), column));
    return data ? std::string_view(static_cast<const char*>(data), size) : std::string_view();
}

Database::Database(const std::filesystem::path& file) {
    sqlite3* handle = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) throw SqlFailure(code, handle ? sqlite3_errmsg(handle) : "out of memory");
    sqlite3_busy_timeout(handle, patience_ms);
}

void Database::run(const char* sql) {
    const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw SqlFailure(code, sqlite3_errmsg(handle_.get()));
}

std::int64_t Database::whole(const char* query) {
    SqlStatement asked = statement(query);
    return asked.step() ? asked.whole(0) : 0;
}

std::string Database::text(const char* query) {
    SqlStatement asked = statement(query);
    return asked.step() ? asked.text(0) : "";
}

// A failure such as a full disk may have rolled it back already.
Transaction::~Transaction() {
    if (!database_.in_transaction()) return;
    try {
        database_.run("ROLLBACK");
    } catch (const SqlFailure&) {  // closing the database rolls back too
    }
}

}  // namespace rondo
