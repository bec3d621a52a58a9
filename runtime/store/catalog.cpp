#include "runtime/store/catalog.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <string>
#include <vector>

#include "runtime/store/layout.h"

namespace rondo {

namespace {

std::string host_name() {
    char name[256] = "";
    ::gethostname(name, sizeof name - 1);
    return name;
}

// A study of another machine is taken to run on for this long: nobody here can tell.
constexpr std::int64_t longest_study = 31 * 24 * 3600;  // seconds

void forget_the_dead(Database& database) {
    std::vector<std::int64_t> dead;
    SqlStatement all = database.statement("SELECT rowid, pid, host, since FROM running");
    const std::string here = host_name();
    while (all.step()) {
        const bool ended = all.text(2) == here ? ::kill(pid_t(all.whole(1)), 0) != 0 && errno == ESRCH
                                               : all.whole(3) < now_seconds() - longest_study;
        if (ended) dead.push_back(all.whole(0));
    }
    all.reset();
    SqlStatement forget = database.statement("DELETE FROM running WHERE rowid = ?");
    for (const auto row : dead) {
        forget.bind(1, row);
        forget.run();
    }
}

}  // namespace

void start_running(Database& database) {
    const Transaction transaction(database);
    forget_the_dead(database);
    SqlStatement begin = database.statement("INSERT INTO running VALUES(?, ?, ?)");
    begin.bind(1, std::int64_t(::getpid()));
    const std::string here = host_name();
    begin.bind(2, here);
    begin.bind(3, now_seconds());
    begin.run();
    transaction.commit();
}

void stop_running(Database& database) {
    SqlStatement end = database.statement(
        "DELETE FROM running WHERE rowid IN (SELECT rowid FROM running WHERE pid = ? AND host = ? LIMIT 1)");
    end.bind(1, std::int64_t(::getpid()));
    const std::string here = host_name();
    end.bind(2, here);
    end.run();
}

std::uint64_t used_bytes(Database& database) {
    const auto pages = database.whole("PRAGMA page_count") - database.whole("PRAGMA freelist_count");
    return std::uint64_t(pages) * std::uint64_t(database.whole("PRAGMA page_size"));
}

Shrunk shrink(Database& database, std::uint64_t bound) {
    Shrunk shrunk;
    if (used_bytes(database) <= bound) return shrunk;
    const Transaction transaction(database);
    forget_the_dead(database);
    const bool at_work = database.whole("SELECT count(*) FROM running") > 0;
    const std::int64_t oldest =
        at_work ? database.whole("SELECT min(since) FROM running") : std::numeric_limits<std::int64_t>::max();
    SqlStatement candidates = database.statement(
        "SELECT identity, length(bytes), coalesce(at, made) AS last FROM results LEFT JOIN used "
        "USING(identity)"
        " WHERE last < ? ORDER BY last, results.rowid");
    candidates.bind(1, oldest);
    std::vector<std::string> victims;
    const std::uint64_t excess = used_bytes(database) - bound;
    while (shrunk.bytes < excess && candidates.step()) {
        victims.push_back(candidates.text(0));
        shrunk.bytes += std::uint64_t(candidates.whole(1));
    }
    candidates.reset();
    SqlStatement drop = database.statement("DELETE FROM results WHERE identity = ?");
    for (const auto& identity : victims) {
        drop.bind(1, identity);
        drop.run();
    }
    database.run("DELETE FROM used WHERE identity NOT IN (SELECT identity FROM results)");
    transaction.commit();
    shrunk.results = victims.size();
    return shrunk;
}

}  // namespace rondo
