// The store: what is put is found again, and what can go wrong with its file.
#include "runtime/store/store.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

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

class StoreTest : public testing::Test {
  protected:
    const TestFolder folder;
    const fs::path file = folder / "sub/store.db";
    const std::string name = file.string();
};

TEST_F(StoreTest, GivesBackWhatWasPut) {
    const std::string bytes("\0binary\xff", 8);
    {
        Store store(file);
        EXPECT_TRUE(store.enabled());
        EXPECT_EQ(store.why(), "");
        EXPECT_EQ(store.find("1"), std::nullopt);
        store.put("1", "lhs", bytes);
        store.put("2", "lhs", "");
        store.put("2", "lhs", "");
        EXPECT_EQ(store.find("1"), bytes);
    }
    Store again(file);
    EXPECT_EQ(again.find("1"), bytes);
    EXPECT_EQ(again.find("2"), "");
    EXPECT_EQ(again.find("3"), std::nullopt);
    EXPECT_EQ(again.why(), "");
}

TEST_F(StoreTest, OffKeepsNothing) {
    Store store;
    EXPECT_FALSE(store.enabled());
    EXPECT_EQ(store.why(), "there is no store");
    store.put("1", "lhs", "x");
    EXPECT_EQ(store.find("1"), std::nullopt);
}

TEST_F(StoreTest, MayBeUsedByThreads) {
    Store store(file);
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&, t] {
                for (int i = 0; i < 50; ++i) {
                    const std::string id = std::to_string(t) + "." + std::to_string(i);
                    store.put(id, "verb", "value " + id);
                    EXPECT_EQ(store.find(id), "value " + id);
                }
            });
        }
    }
    EXPECT_EQ(store.why(), "");
}

// Runs `body` in a process of its own; what it reports is what body returns.
template <class Body>
pid_t in_a_process(Body body) {
    const pid_t child = fork();
    if (child == 0) _exit(body());
    return child;
}

int exit_status(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(StoreTest, ProcessesShareAFileEvenWhileItIsMade) {
    constexpr int processes = 4, results = 50;
    std::vector<pid_t> children;
    for (int p = 0; p < processes; ++p) {
        children.push_back(in_a_process([&] {
            Store store(file);
            for (int i = 0; i < results; ++i) {
                const std::string id = std::to_string(p) + "." + std::to_string(i);
                store.put(id, "verb", "value " + id);
                if (store.find(id) != "value " + id) return 2;
            }
            return store.why().empty() ? 0 : 3;
        }));
    }
    for (const pid_t child : children) EXPECT_EQ(exit_status(child), 0);
    Store store(file);
    EXPECT_EQ(store.why(), "");
    for (int p = 0; p < processes; ++p) {
        for (int i = 0; i < results; ++i) {
            const std::string id = std::to_string(p) + "." + std::to_string(i);
            ASSERT_EQ(store.find(id), "value " + id);
        }
    }
}

TEST_F(StoreTest, WhatWasPutOutlivesAKill) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = in_a_process([&] {
        Store store(file);
        for (int i = 0;; ++i) {
            store.put(std::to_string(i), "verb", std::string(3000, char('a' + i % 26)));
            if (write(ends[1], &i, sizeof i) != sizeof i) return 1;
        }
    });
    int last = -1;
    while (last < 200) ASSERT_EQ(read(ends[0], &last, sizeof last), ssize_t(sizeof last));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(ends[1]);
    while (read(ends[0], &last, sizeof last) > 0) continue;
    close(ends[0]);
    Store store(file);
    EXPECT_EQ(store.why(), "");
    for (int i = 0; i <= last; ++i) {
        ASSERT_EQ(store.find(std::to_string(i)), std::string(3000, char('a' + i % 26)));
    }
}

TEST_F(StoreTest, ADamagedFileIsSetAsideAndSaid) {
    write_file(file, "this is no database, but someone's text that must not be lost");
    Store store(file);
    EXPECT_TRUE(store.enabled());
    EXPECT_EQ(store.why(), "the store '" + name + "' is damaged (file is not a database); it is kept as '" +
                               name + ".damaged-1' and a new one is begun");
    EXPECT_EQ(read_file(name + ".damaged-1"),
              "this is no database, but someone's text that must not be lost");
    store.put("1", "verb", "x");
    EXPECT_EQ(store.find("1"), "x");
    EXPECT_EQ(Store(file).find("1"), "x");
}

TEST_F(StoreTest, AnEmptyFileIsSetAsideAndASecondGetsTheNextNumber) {
    for (const std::string number : {"1", "2"}) {
        write_file(file, "");
        const Store store(file);
        EXPECT_TRUE(store.enabled());
        EXPECT_EQ(store.why(), "the store '" + name + "' is damaged (it is empty); it is kept as '" + name +
                                   ".damaged-" + number + "' and a new one is begun");
        EXPECT_TRUE(fs::exists(name + ".damaged-" + number));
    }
}

void fill(const fs::path& file) {
    Store store(file);
    for (int i = 0; i < 50; ++i) store.put(std::to_string(i), "verb", std::string(5000, 'x'));
}

TEST_F(StoreTest, ATruncatedFileIsSetAside) {
    fill(file);
    const auto whole = fs::file_size(file);
    for (const auto size :
         {whole - 4096, whole / 2, std::uintmax_t(5000), std::uintmax_t(100), std::uintmax_t(1)}) {
        SCOPED_TRACE(size);
        fs::remove_all(folder / "sub");
        fill(file);
        fs::resize_file(file, size);
        Store store(file);
        EXPECT_TRUE(store.enabled());
        EXPECT_NE(store.why().find("it is kept as '" + name + ".damaged-1'"), std::string::npos)
            << store.why();
        EXPECT_EQ(store.find("1"), std::nullopt);
        store.put("1", "verb", "anew");
        EXPECT_EQ(store.find("1"), "anew");
    }
}

TEST_F(StoreTest, DamageThatShowsLaterIsSetAsideThen) {
    fill(file);
    std::string bytes = read_file(file);
    for (std::size_t page = 4096; page < bytes.size(); page += 4096) bytes.replace(page, 8, "\x7f???????");
    write_file(file, bytes);
    Store store(file);
    EXPECT_EQ(store.find("7"), std::nullopt);
    EXPECT_TRUE(store.enabled());
    EXPECT_NE(store.why().find("is damaged (database disk image is malformed)"), std::string::npos)
        << store.why();
    EXPECT_TRUE(fs::exists(name + ".damaged-1"));
    store.put("7", "verb", "anew");
    EXPECT_EQ(store.find("7"), "anew");
}

TEST_F(StoreTest, AResultWithADamagedByteIsDroppedNotUsed) {
    fill(file);
    std::string bytes = read_file(file);
    bytes[bytes.rfind("xxxx")] = 'y';
    write_file(file, bytes);
    Store store(file);
    int lost = 0;
    for (int i = 0; i < 50; ++i) {
        const auto found = store.find(std::to_string(i));
        if (found) {
            ASSERT_EQ(*found, std::string(5000, 'x'));
        } else {
            ++lost;
        }
    }
    EXPECT_EQ(lost, 1);
    EXPECT_EQ(store.why(),
              "a result in the store '" + name + "' is damaged; it is dropped and computed anew");
}

TEST_F(StoreTest, ANewerStoreIsLeftAlone) {
    fill(file);
    sql(file, "PRAGMA user_version = 7");
    const std::string before = read_file(file);
    Store store(file);
    EXPECT_FALSE(store.enabled());
    EXPECT_EQ(
        store.why(),
        "results are not kept in '" + name +
            "': a newer Rondo wrote it (layout 7, this one knows 2); update Rondo; name another file with "
            "--store");
    EXPECT_EQ(store.find("1"), std::nullopt);
    EXPECT_EQ(read_file(file), before);
}

TEST_F(StoreTest, AnotherProgramsDatabaseIsLeftAlone) {
    fs::create_directories(file.parent_path());
    sql(file, "CREATE TABLE recipes(name); INSERT INTO recipes VALUES('soup')");
    const std::string before = read_file(file);
    Store store(file);
    EXPECT_FALSE(store.enabled());
    EXPECT_EQ(store.why(), "results are not kept in '" + name +
                               "': it is another program's database; name another file with --store");
    EXPECT_EQ(read_file(file), before);
}

TEST_F(StoreTest, WhereNothingCanBeWrittenItIsOff) {
    fill(file);
    chmod(file.c_str(), 0444);
    chmod(file.parent_path().c_str(), 0555);
    chmod(folder.path().c_str(), 0755);
    {
        const AnyUser user;
        Store made(file);
        EXPECT_FALSE(made.enabled());
        EXPECT_TRUE(made.why().starts_with("results are not kept in '" + name + "': ")) << made.why();
        Store missing(folder / "other/store.db");
        EXPECT_FALSE(missing.enabled());
        EXPECT_EQ(missing.why(), "results are not kept in '" + (folder / "other/store.db").string() +
                                     "': permission denied; name another file with --store");
        made.put("1", "verb", "x");
        EXPECT_EQ(made.find("1"), std::nullopt);
    }
    chmod(file.parent_path().c_str(), 0755);
}

TEST_F(StoreTest, AFolderInItsPlaceTurnsItOff) {
    fs::create_directories(file);
    const Store store(file);
    EXPECT_FALSE(store.enabled());
    EXPECT_EQ(store.why(), "results are not kept in '" + name +
                               "': unable to open database file; name another file with --store");
}

TEST_F(StoreTest, AFullDiskTurnsItOffAndKeepsWhatIsThere) {
    fill(file);
    rlimit was{};
    getrlimit(RLIMIT_FSIZE, &was);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    {
        Store store(file);
        const rlimit small{fs::file_size(file), was.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
        store.put("large", "verb", std::string(4 * fs::file_size(file), 'x'));
        EXPECT_FALSE(store.enabled());
        EXPECT_TRUE(store.why().starts_with("results are not kept in '" + name + "': ")) << store.why();
        setrlimit(RLIMIT_FSIZE, &was);
    }
    std::signal(SIGXFSZ, handler);
    Store store(file);
    EXPECT_EQ(store.why(), "");
    EXPECT_EQ(store.find("7"), std::string(5000, 'x'));
    EXPECT_EQ(store.find("large"), std::nullopt);
}

}  // namespace
}  // namespace rondo
