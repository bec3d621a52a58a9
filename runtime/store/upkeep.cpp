#include "runtime/store/upkeep.h"

#include <algorithm>

#include "dsl/syntax/error.h"
#include "runtime/store/catalog.h"
#include "runtime/store/layout.h"
#include "runtime/store/place.h"
#include "runtime/store/store.h"

namespace rondo {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& file, const std::string& what) {
    throw Error(Fault::input, "the store '" + file.string() + "': " + what);
}

// Runs `work` on the store as a database.
template <class Work>
auto with_store(const fs::path& file, const Work& work) {
    std::error_code none;
    if (!fs::is_regular_file(file, none))
        fail(file,
             "there is no such file; a study makes it in the folder of its outputs, or where --store says");
    try {
        const FolderLock lock(folder_of(file));
        Database database(file);
        prepare(database, file);
        return work(database);
    } catch (const SqlFailure& failure) {
        fail(file, failure.is_damage()
                       ? std::string(failure.what()) + "; the next study sets it aside and begins a new one"
                       : failure.what());
    } catch (const Unusable& reason) {
        fail(file, reason.what());
    } catch (const fs::filesystem_error& error) {
        fail(file, error.code().message());
    }
}

constexpr const char* select_results =
    "SELECT identity, verb, length(bytes), made, coalesce(at, made) AS last FROM results"
    " LEFT JOIN used USING(identity) ORDER BY last DESC, results.rowid DESC";

}  // namespace

std::vector<StoredResult> list_store(const fs::path& file) {
    return with_store(file, [](Database& database) {
        std::vector<StoredResult> results;
        SqlStatement all = database.statement(select_results);
        while (all.step())
            results.push_back(
                {all.text(0), all.text(1), std::uint64_t(all.whole(2)), all.whole(3), all.whole(4)});
        return results;
    });
}

StoredResult find_stored(const fs::path& file, const std::string& start) {
    std::vector<StoredResult> results = list_store(file);
    std::erase_if(results, [&](const StoredResult& result) { return !result.identity.starts_with(start); });
    if (results.empty()) fail(file, "no result's identity begins with '" + start + "'; see rondo store list");
    if (results.size() > 1)
        fail(file,
             std::to_string(results.size()) + " identities begin with '" + start + "'; give more of it");
    return results.front();
}

std::string stored_bytes(const fs::path& file, const std::string& identity) {
    return with_store(file, [&](Database& database) {
        SqlStatement one = database.statement("SELECT checksum, bytes FROM results WHERE identity = ?");
        one.bind(1, identity);
        if (!one.step()) fail(file, "there is no result '" + identity + "'");
        std::string bytes = one.text(1);
        if (sha256_hex(bytes) != one.bytes(0)) fail(file, "the result '" + identity + "' is damaged");
        return bytes;
    });
}

std::vector<std::string> verify_store(const fs::path& file) {
    return with_store(file, [](Database& database) {
        std::vector<std::string> wrong;
        SqlStatement checks = database.statement("PRAGMA integrity_check");
        while (checks.step())
            if (std::string text = checks.text(0); text != "ok") wrong.push_back(std::move(text));
        SqlStatement all = database.statement("SELECT identity, checksum, bytes FROM results");
        while (all.step())
            if (sha256_hex(all.bytes(2)) != all.bytes(1))
                wrong.push_back("the checksum of " + all.text(0) + " does not fit");
        return wrong;
    });
}

Pruned prune_store(const fs::path& file, std::uint64_t bound) {
    return with_store(file, [&](Database& database) {
        const Shrunk shrunk = shrink(database, bound);
        try {
            if (shrunk.results > 0 && database.whole("SELECT count(*) FROM running") == 0)
                database.run("VACUUM");
        } catch (const SqlFailure&) {  // in use, or no room for the copy: its free pages are used again
        }
        return Pruned{shrunk.results, shrunk.bytes, used_bytes(database)};
    });
}

}  // namespace rondo
