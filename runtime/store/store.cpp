// store.cpp: one table, results(identity, verb, checksum, bytes), in one SQLite file.
//
// PRAGMA application_id tells a store from other programs' databases, PRAGMA user_version is the version of
// the table's layout. A faulty store is never a reason to stop a study: it is off, and says why.
#include "runtime/store/store.h"

#include <mutex>
#include <set>

#include "runtime/store/place.h"
#include "runtime/store/sqlite.h"
#include "runtime/table/file.h"

namespace rondo {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t application = 0x526f6e64;  // "Rond"
constexpr std::int64_t layout = 1;
constexpr const char* make_layout =
    "CREATE TABLE results(identity TEXT PRIMARY KEY, verb TEXT NOT NULL, checksum TEXT NOT NULL,"
    " bytes BLOB NOT NULL) STRICT;"
    "PRAGMA application_id = 0x526f6e64;"
    "PRAGMA user_version = 1;";

// A store that must be left as it is.
struct Unusable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

bool is_new(Database& database) {
    return database.whole("SELECT count(*) FROM sqlite_schema") == 0;
}

void refuse_strangers(Database& database) {
    if (is_new(database)) return;
    if (database.whole("PRAGMA application_id") != application) {
        throw Unusable("it is another program's database");
    }
    const std::int64_t given = database.whole("PRAGMA user_version");
    if (given > layout) {
        throw Unusable("a newer Rondo wrote it (layout " + std::to_string(given) + ", this one knows " +
                       std::to_string(layout) + "); update Rondo");
    }
}

bool has_write_ahead_log(Database& database) {
    try {
        return database.text("PRAGMA journal_mode = WAL") == "wal";
    } catch (const SqlFailure& failure) {
        if (failure.is_damage()) throw;
        return false;  // a file system without shared memory
    }
}

// In rollback mode every write is flushed, which is slower and as safe.
void choose_journal(Database& database, bool network) {
    if (network) {
        database.text("PRAGMA journal_mode = DELETE");
    } else if (has_write_ahead_log(database)) {
        database.run("PRAGMA synchronous = NORMAL");
    }
}

// The lock to write is taken even where nothing is to be made: it shows now whether writing will be possible.
void prepare(Database& database, bool network) {
    refuse_strangers(database);
    choose_journal(database, network);
    database.run("BEGIN IMMEDIATE");
    if (is_new(database)) database.run(make_layout);
    database.run("COMMIT");
}

}  // namespace

struct Store::State {
    mutable std::mutex mutex;  // of all below
    fs::path file;
    FileNumber number;  // of the file that is open
    std::optional<Database> database;
    std::optional<Statement> find, put, drop;
    std::string why;
    bool fresh = false;
    std::set<std::string> made;  // identities put since it was opened; kept if fresh

    void open();
    void open_locked();
    void try_open();
    void replace_damaged(const std::string& reason);
    void close();
    void turn_off(const std::string& reason);
    void on_failure(const SqlFailure& failure);
    std::optional<std::string> found(const std::string& identity);
};

void Store::State::close() {
    find.reset();
    put.reset();
    drop.reset();
    database.reset();
}

void Store::State::turn_off(const std::string& reason) {
    close();
    why = "results are not kept in '" + file.string() + "': " + reason + "; name another file with --store";
}

void Store::State::try_open() {
    database.emplace(file);
    prepare(*database, on_network(folder_of(file)));
    find = database->statement("SELECT checksum, bytes FROM results WHERE identity = ?");
    put = database->statement("INSERT OR REPLACE INTO results VALUES(?, ?, ?, ?)");
    drop = database->statement("DELETE FROM results WHERE identity = ?");
    number = file_number(file);
}

void Store::State::replace_damaged(const std::string& reason) {
    close();
    const fs::path aside = set_aside(file);
    why = "the store '" + file.string() + "' is damaged (" + reason + "); it is kept as '" + aside.string() +
          "' and a new one is begun";
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
        why = "a result is too large for the store '" + file.string() + "' and is not kept";
        return;
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
    std::string checksum(find->bytes(0)), bytes(find->bytes(1));
    find->reset();  // ends the reading, so that others may write
    if (sha256_hex(bytes) == checksum) return bytes;
    why = "a result in the store '" + file.string() + "' is damaged; it is dropped and computed anew";
    drop->reset();
    drop->bind(1, identity);
    drop->step();
    return {};
}

Store::Store() : state_(std::make_unique<State>()) {
    state_->why = "there is no store";
}

Store::Store(const fs::path& file, bool fresh) : state_(std::make_unique<State>()) {
    state_->file = file;
    state_->fresh = fresh;
    state_->open();
}

Store::~Store() = default;
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

void Store::put(const std::string& identity, std::string_view verb, std::string_view bytes) {
    const std::lock_guard lock(state_->mutex);
    if (!state_->database) return;
    const std::string checksum = sha256_hex(bytes);
    Statement& put = *state_->put;
    try {
        put.reset();
        put.bind(1, identity);
        put.bind(2, verb);
        put.bind(3, checksum);
        put.bind_bytes(4, bytes);
        put.step();
        put.reset();
        if (state_->fresh) state_->made.insert(identity);
    } catch (const SqlFailure& failure) {
        state_->on_failure(failure);
    }
}

std::string sqlite_version() {
    return sqlite3_libversion();
}

}  // namespace rondo
