// store.cpp: finding and putting. A faulty store is never a reason to stop a study: it is off, and says why.
#include "runtime/store/store.h"

#include <mutex>
#include <set>

#include "runtime/store/catalog.h"
#include "runtime/store/layout.h"
#include "runtime/store/place.h"
#include "runtime/store/sqlite.h"
#include "runtime/table/file.h"

namespace rondo {

namespace fs = std::filesystem;

struct Store::State {
    mutable std::mutex mutex;  // of all below
    fs::path file;
    FileNumber number;  // of the file that is open
    std::optional<Database> database;
    std::optional<SqlStatement> find, put, drop, mark;
    std::string why;
    std::function<void(const std::string&)> tell;
    bool fresh = false;
    std::uint64_t bound = default_bound;
    std::set<std::string> made;    // identities put since it was opened; kept if fresh
    std::set<std::string> marked;  // identities found whose use is not written down yet
    std::int64_t marks_written = 0;

    void open();
    void open_locked();
    void try_open();
    void replace_damaged(const std::string& reason);
    void close();
    void finish();
    void say(std::string reason);
    void turn_off(const std::string& reason);
    void on_failure(const SqlFailure& failure);
    std::optional<std::string> found(const std::string& identity);
    void write(std::span<const StoredBytes> results, std::span<const std::string> obsolete);
    void write_one(const StoredBytes& result, std::int64_t now);
    void write_mark(const std::string& identity, std::int64_t now);
    void write_marks();
};

void Store::State::close() {
    find.reset();
    put.reset();
    drop.reset();
    mark.reset();
    database.reset();
}

// What ends well is no longer at work, and leaves the store within its bound.
void Store::State::finish() {
    if (!database) return;
    try {
        write_marks();
        stop_running(*database);
        shrink(*database, bound);
    } catch (const SqlFailure&) {  // results are safe; marks and bounds can wait
    }
}

void Store::State::say(std::string reason) {
    why = std::move(reason);
    if (tell) tell(why);
}

void Store::State::turn_off(const std::string& reason) {
    close();
    say("results are not kept in '" + file.string() + "': " + reason + "; name another file with --store");
}

void Store::State::try_open() {
    database.emplace(file);
    prepare(*database, file);
    find = database->statement("SELECT checksum, bytes FROM results WHERE identity = ?");
    put = database->statement("INSERT OR REPLACE INTO results VALUES(?, ?, ?, ?, ?)");
    drop = database->statement("DELETE FROM results WHERE identity = ?");
    mark = database->statement("INSERT OR REPLACE INTO used VALUES(?, ?)");
    number = file_number(file);
    start_running(*database);
}

void Store::State::replace_damaged(const std::string& reason) {
    close();
    const fs::path aside = set_aside(file);
    say("the store '" + file.string() + "' is damaged (" + reason + "); it is kept as '" + aside.string() +
        "' and a new one is begun");
    try_open();
}

void Store::State::open_locked() {
    // SQLite takes a file of one byte, too, for a new one.
    if (fs::is_regular_file(file) && fs::file_size(file) <= 1) return replace_damaged("it is empty");
    try {
        try_open();
    } catch (const SqlFailure& failure) {
        if (!failure.is_damage()) throw;
        replace_damaged(failure.what());
    }
}

void Store::State::open() {
    try {
        fs::create_directories(folder_of(file));
        const FolderLock lock(folder_of(file));
        open_locked();
    } catch (const fs::filesystem_error& error) {
        turn_off(system_reason(error.code().value()));
    } catch (const std::runtime_error& error) {
        turn_off(error.what());
    }
}

// Damage that shows only now. If another process has set the file aside meanwhile, the new one is opened.
void Store::State::on_failure(const SqlFailure& failure) {
    if (failure.code == SQLITE_TOOBIG) {
        return say("a result is too large for the store '" + file.string() + "' and is not kept");
    }
    if (!failure.is_damage()) return turn_off(failure.what());
    const std::string reason = failure.what();
    try {
        const FolderLock lock(folder_of(file));
        close();
        file_number(file) == number ? replace_damaged(reason) : try_open();
    } catch (const std::runtime_error& error) {
        turn_off(error.what());
    }
}

std::optional<std::string> Store::State::found(const std::string& identity) {
    find->reset();
    find->bind(1, identity);
    if (!find->step()) return {};
    std::string checksum = find->text(0), bytes = find->text(1);
    find->reset();  // ends the reading, so that others may write
    if (sha256_hex(bytes) != checksum) {
        drop->reset();
        drop->bind(1, identity);
        drop->run();
        say("a result in the store '" + file.string() + "' is damaged; it is dropped and computed anew");
        return {};
    }
    marked.insert(identity);
    if (now_seconds() > marks_written) write_marks();
    return bytes;
}

void Store::State::write_mark(const std::string& identity, std::int64_t now) {
    mark->reset();
    mark->bind(1, identity);
    mark->bind(2, now);
    mark->run();
}

void Store::State::write_marks() {
    if (marked.empty()) return;
    const Transaction transaction(*database);
    marks_written = now_seconds();
    for (const auto& identity : marked) write_mark(identity, marks_written);
    transaction.commit();
    marked.clear();
}

void Store::State::write_one(const StoredBytes& result, std::int64_t now) {
    const std::string checksum = sha256_hex(result.bytes);
    put->reset();
    put->bind(1, result.identity);
    put->bind(2, result.verb);
    put->bind(3, checksum);
    put->bind_bytes(4, result.bytes);
    put->bind(5, now);
    put->run();
    write_mark(result.identity, now);
}

void Store::State::write(std::span<const StoredBytes> results, std::span<const std::string> obsolete) {
    const Transaction transaction(*database);
    const std::int64_t now = now_seconds();
    for (const auto& result : results) write_one(result, now);
    for (const auto& identity : obsolete) {
        drop->reset();
        drop->bind(1, identity);
        drop->run();
    }
    transaction.commit();
    if (!fresh) return;
    for (const auto& result : results) made.insert(result.identity);
}

Store::Store() : state_(std::make_unique<State>()) {
    state_->why = "there is no store";
}

Store::Store(const fs::path& file, bool fresh, std::uint64_t bound) : state_(std::make_unique<State>()) {
    state_->file = file;
    state_->fresh = fresh;
    state_->bound = bound;
    state_->open();
}

Store::~Store() {
    if (state_) state_->finish();
}

Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

bool Store::enabled() const {
    const std::lock_guard lock(state_->mutex);
    return state_->database.has_value();
}

std::string Store::why() const {
    const std::lock_guard lock(state_->mutex);
    return state_->why;
}

void Store::on_trouble(std::function<void(const std::string&)> tell) {
    const std::lock_guard lock(state_->mutex);
    state_->tell = std::move(tell);
}

std::optional<std::string> Store::find(const std::string& identity) {
    const std::lock_guard lock(state_->mutex);
    if (!state_->database) return {};
    if (state_->fresh && !state_->made.contains(identity)) return {};
    try {
        return state_->found(identity);
    } catch (const SqlFailure& failure) {
        state_->on_failure(failure);
        return {};
    }
}

void Store::put(std::span<const StoredBytes> results, std::span<const std::string> obsolete) {
    const std::lock_guard lock(state_->mutex);
    if (!state_->database) return;
    try {
        state_->write(results, obsolete);
    } catch (const SqlFailure& failure) {
        state_->on_failure(failure);
    }
}

void Store::put(const std::string& identity, std::string_view verb, std::string_view bytes) {
    const StoredBytes result{identity, std::string(verb), std::string(bytes)};
    put(std::span(&result, 1));
}

std::string sqlite_version() {
    return sqlite3_libversion();
}

}  // namespace rondo
