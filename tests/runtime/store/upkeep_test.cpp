// What a store is told to do with its file: bounds, checks, older layouts, disks that fill up.
#include "runtime/store/upkeep.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "runtime/store/store.h"
#include "runtime/table/file.h"
#include "tests/runtime/support.h"

namespace rondo {
namespace {

namespace fs = std::filesystem;

void sql(const fs::path& file, const char* text) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(database, text, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
}

class UpkeepTest : public testing::Test {
  protected:
    const TestFolder folder;
    const fs::path file = folder / "store.db";

    void fill(int count) const {
        Store store(file);
        for (int i = 0; i < count; ++i)
            store.put(std::to_string(i), i % 2 ? "odd" : "even", std::string(10'000, 'x'));
    }
    // As if it had last been used `ago` seconds ago.
    void age(const char* where, int ago) const {
        sql(file, ("UPDATE used SET at = at - " + std::to_string(ago) + " WHERE " + where).c_str());
    }
};

TEST_F(UpkeepTest, ListsWhatIsThereMostRecentlyUsedFirst) {
    fill(3);
    age("identity = '1'", 100);
    age("identity = '0'", 200);
    const auto all = list_store(file);
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].identity, "2");
    EXPECT_EQ(all[1].identity, "1");
    EXPECT_EQ(all[2].identity, "0");
    EXPECT_EQ(all[1].verb, "odd");
    EXPECT_EQ(all[1].size, 10'000u);
    EXPECT_EQ(all[1].made - all[1].used, 100);
    EXPECT_EQ(stored_bytes(file, find_stored(file, "2").identity), std::string(10'000, 'x'));
}

TEST_F(UpkeepTest, IdentitiesMayBeShortened) {
    {
        Store store(file);
        store.put("abcd", "v", "1");
        store.put("abef", "v", "2");
    }
    EXPECT_EQ(find_stored(file, "abe").identity, "abef");
    EXPECT_NE(message_of([&] { find_stored(file, "ab"); }).find("2 identities begin with 'ab'"),
              std::string::npos);
    EXPECT_NE(message_of([&] { find_stored(file, "x"); }).find("no result's identity begins with 'x'"),
              std::string::npos);
    EXPECT_NE(message_of([&] { list_store(folder / "other.db"); }).find("there is no such file"),
              std::string::npos);
    EXPECT_FALSE(fs::exists(folder / "other.db"));
}

TEST_F(UpkeepTest, PrunesTheLeastRecentlyUsedAndGivesRoomBack) {
    fill(40);
    age("identity IN ('3', '5')", 1000);
    age("identity NOT IN ('3', '5')", 10);
    EXPECT_TRUE(Store(file).find("5"));  // used again: now the newest
    const auto before = fs::file_size(file);
    const Pruned pruned = prune_store(file, 200'000);
    EXPECT_GT(pruned.results, 10u);
    EXPECT_LE(pruned.left, 200'000u);
    EXPECT_LT(fs::file_size(file), before / 2 + 10'000);
    EXPECT_FALSE(Store(file).find("3"));
    EXPECT_TRUE(Store(file).find("5"));
    EXPECT_EQ(verify_store(file), std::vector<std::string>());
}

TEST_F(UpkeepTest, PruningLeavesWhatAStudyAtWorkHasUsed) {
    fill(20);
    age("1", 1000);
    Store at_work(file);
    EXPECT_TRUE(at_work.find("4"));
    at_work.put("mine", "verb", "made by it");
    EXPECT_EQ(prune_store(file, 0).results, 19u);
    EXPECT_TRUE(at_work.find("4"));
    EXPECT_EQ(at_work.find("mine"), "made by it");
    EXPECT_FALSE(at_work.find("5"));
}

TEST_F(UpkeepTest, AStudyThatWasKilledIsNoLongerAtWork) {
    const pid_t child = fork();
    if (child == 0) {
        Store store(file);
        store.put("1", "verb", std::string(100'000, 'x'));
        raise(SIGKILL);
    }
    waitpid(child, nullptr, 0);
    EXPECT_EQ(prune_store(file, 0).results, 1u);
}

TEST_F(UpkeepTest, IsWithinItsBoundWhenAStudyEnds) {
    fill(40);
    age("1", 10);
    {
        Store store(file, false, 150'000);
        store.put("new", "verb", "x");
    }
    EXPECT_EQ(Store(file).find("new"), "x");
    EXPECT_LT(list_store(file).size(), 15u);
    EXPECT_GT(list_store(file).size(), 5u);
}

TEST_F(UpkeepTest, VerifyNamesWhatIsDamaged) {
    fill(5);
    EXPECT_EQ(verify_store(file), std::vector<std::string>());
    sql(file, "UPDATE results SET bytes = x'00' WHERE identity = '3'");
    EXPECT_EQ(verify_store(file), std::vector<std::string>{"the checksum of 3 does not fit"});
    EXPECT_NE(message_of([&] { stored_bytes(file, "3"); }).find("damaged"), std::string::npos);
}

TEST_F(UpkeepTest, AnOlderLayoutIsBroughtUpToDateWithAllItHolds) {
    const std::string checksum = sha256_hex("kept");
    sql(file, ("CREATE TABLE results(identity TEXT PRIMARY KEY, verb TEXT NOT NULL, checksum TEXT NOT NULL,"
               " bytes BLOB NOT NULL) STRICT; PRAGMA application_id = 0x526f6e64; PRAGMA user_version = 1;"
               "INSERT INTO results VALUES('1', 'lhs', '" +
               checksum + "', CAST('kept' AS BLOB))")
                  .c_str());
    {
        Store store(file);
        EXPECT_EQ(store.why(), "");
        EXPECT_EQ(store.find("1"), "kept");
        store.put("2", "lhs", "new");
    }
    EXPECT_EQ(list_store(file).size(), 2u);
    EXPECT_EQ(Store(file).find("2"), "new");
}

TEST_F(UpkeepTest, ManyAreWrittenTogetherAndReplaceOthers) {
    Store store(file);
    store.put("part", "frequency", "half");
    const std::vector<StoredBytes> results{{"a", "frequency", "1"}, {"b", "frequency", "2"}};
    const std::vector<std::string> obsolete{"part"};
    store.put(results, obsolete);
    EXPECT_EQ(store.find("a"), "1");
    EXPECT_EQ(store.find("b"), "2");
    EXPECT_EQ(store.find("part"), std::nullopt);
}

// Deleted under a study: the study goes on, and the next one begins anew.
TEST_F(UpkeepTest, ADeletedStoreLosesNoStudy) {
    Store store(file);
    store.put("1", "verb", "x");
    for (const char* end : {"", "-wal", "-shm"}) fs::remove(file.string() + end);
    store.put("2", "verb", "y");
    EXPECT_EQ(store.find("1"), "x");
    Store next(file);
    EXPECT_TRUE(next.enabled());
    EXPECT_EQ(next.find("1"), std::nullopt);
    next.put("1", "verb", "x");
    EXPECT_EQ(Store(file).find("1"), "x");
}

// A disk of one megabyte.
class SmallDisk {
  public:
    explicit SmallDisk(fs::path at) : at_(std::move(at)) {
        fs::create_directories(at_);
        mounted_ = mount("tmpfs", at_.c_str(), "tmpfs", 0, "size=1m") == 0;
    }
    SmallDisk(const SmallDisk&) = delete;
    ~SmallDisk() {
        if (mounted_) umount(at_.c_str());
    }
    bool mounted() const { return mounted_; }

  private:
    fs::path at_;
    bool mounted_ = false;
};

TEST_F(UpkeepTest, AFullDiskTurnsTheStoreOffAndLosesNothing) {
    const SmallDisk disk(folder / "disk");
    if (!disk.mounted()) GTEST_SKIP() << "a small disk can be mounted by root alone";
    const fs::path there = folder / "disk/store.db";
    std::vector<std::string> told;
    int kept = 0;
    {
        Store store(there);
        store.on_trouble([&](const std::string& why) { told.push_back(why); });
        for (int i = 0; i < 100 && store.enabled(); ++i) {
            store.put(std::to_string(i), "verb", std::string(50'000, char('a' + i % 26)));
            if (store.enabled()) kept = i + 1;
        }
        EXPECT_FALSE(store.enabled());
        ASSERT_EQ(told.size(), 1u);
        EXPECT_EQ(told[0], store.why());
        EXPECT_NE(told[0].find("is full"), std::string::npos) << told[0];
        store.put("more", "verb", "x");
        EXPECT_EQ(store.find("more"), std::nullopt);
    }
    EXPECT_GT(kept, 3);
    EXPECT_EQ(mount("tmpfs", (folder / "disk").c_str(), "tmpfs", MS_REMOUNT, "size=8m"), 0);
    Store store(there);
    EXPECT_EQ(store.why(), "");
    for (int i = 0; i < kept; ++i)
        EXPECT_EQ(store.find(std::to_string(i)), std::string(50'000, char('a' + i % 26)));
}

}  // namespace
}  // namespace rondo
