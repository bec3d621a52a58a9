#include "runtime/store/layout.h"

#include <chrono>
#include <string>

#include "runtime/store/place.h"

namespace rondo {

namespace {

constexpr std::int64_t application = 0x526f6e64;  // "Rond"
constexpr std::int64_t layout = 2;

// From layout i to i + 1. The first makes a new store.
constexpr const char* steps[] = {
    "CREATE TABLE results(identity TEXT PRIMARY KEY, verb TEXT NOT NULL, checksum TEXT NOT NULL,"
    " bytes BLOB NOT NULL) STRICT;"
    "PRAGMA application_id = 0x526f6e64;"
    "PRAGMA user_version = 1;",
    // Apart from results, so that a use does not write the bytes again.
    "ALTER TABLE results ADD COLUMN made INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE used(identity TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE running(pid INTEGER NOT NULL, host TEXT NOT NULL, since INTEGER NOT NULL) STRICT;"
    "PRAGMA user_version = 2;",
};

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
        // Parts of blocks are soon replaced: a longer log takes most of them to no disk but its own.
        database.run("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000");
    }
}

}  // namespace

// The lock to write is taken even where nothing is to be made: it shows now whether writing will be possible.
void prepare(Database& database, const std::filesystem::path& file) {
    refuse_strangers(database);
    choose_journal(database, on_network(folder_of(file)));
    const Transaction transaction(database);
    const std::int64_t given = is_new(database) ? 0 : database.whole("PRAGMA user_version");
    for (std::int64_t i = given; i < layout; ++i) database.run(steps[i]);
    transaction.commit();
}

std::int64_t now_seconds() {
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace rondo
