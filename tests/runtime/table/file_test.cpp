// Whole files in and out, and what can go wrong with a disk.
#include "runtime/table/file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <zlib.h>

#include <csignal>
#include <fstream>

#include "runtime/table/csv.h"
#include "tests/runtime/support.h"

namespace rondo {
namespace {

namespace fs = std::filesystem;

void put(const fs::path& file, std::string_view content) {
    std::ofstream(file, std::ios::binary) << content;
}

std::string packed(std::string_view text) {
    std::string result(text.size() + 200, '\0');
    z_stream z{};
    deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z.avail_in = uInt(text.size());
    z.next_out = reinterpret_cast<Bytef*>(result.data());
    z.avail_out = uInt(result.size());
    deflate(&z, Z_FINISH);
    result.resize(z.total_out);
    deflateEnd(&z);
    return result;
}

std::size_t files_in(const fs::path& folder) {
    return std::size_t(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

mode_t mode_of(const fs::path& file) {
    struct stat status {};
    stat(file.c_str(), &status);
    return status.st_mode & 07777;
}

TEST(ReadFile, GivesAllBytes) {
    const TestFolder folder;
    std::string content;
    for (int i = 0; i < 100000; ++i) content += char(i * 7);
    put(folder / "x", content);
    EXPECT_EQ(read_file(folder / "x"), content);
    put(folder / "empty", "");
    EXPECT_EQ(read_file(folder / "empty"), "");
}

TEST(ReadFile, ReadsFilesThatTellNoSize) {
    EXPECT_NE(read_file("/proc/self/status").find("Pid:"), std::string::npos);
}

TEST(ReadFile, AMissingFileIsNamedWithANearOne) {
    const TestFolder folder;
    put(folder / "points.csv", "a\n1\n");
    const std::string path = folder.path().string();
    EXPECT_EQ(message_of([&] { read_file(folder / "point.csv"); }),
              "cannot read '" + path + "/point.csv': there is no such file; did you mean '" + path +
                  "/points.csv'?");
    EXPECT_EQ(message_of([&] { read_file(folder / "elsewhere"); }),
              "cannot read '" + path + "/elsewhere': there is no such file");
    EXPECT_EQ(message_of([&] { read_file(folder / "no/points.csv"); }),
              "cannot read '" + path + "/no/points.csv': there is no folder '" + path + "/no'");
    EXPECT_EQ(message_of([&] { read_file(folder.path()); }),
              "cannot read '" + path + "': it is a folder; name a file in it");
}

TEST(ReadFile, AForbiddenFileSaysSo) {
    const TestFolder folder;
    const fs::path file = folder / "x";
    put(file, "a");
    chmod(file.c_str(), 0);
    chmod(folder.path().c_str(), 0755);
    const AnyUser user;
    EXPECT_EQ(message_of([&] { read_file(file); }),
              "cannot read '" + file.string() + "': permission denied; you may not read it: see chmod");
}

TEST(ReadFileUnpacked, GoesByContentNotByName) {
    const TestFolder folder;
    std::string text = "a,b\n";
    for (int i = 0; i < 50000; ++i) text += std::to_string(i) + ",1\n";
    put(folder / "x.csv", packed(text));
    EXPECT_EQ(read_file_unpacked(folder / "x.csv"), text);
    EXPECT_EQ(read_csv(folder / "x.csv").rows(), 50000u);
    put(folder / "plain.csv.gz", text);
    EXPECT_EQ(read_file_unpacked(folder / "plain.csv.gz"), text);
    put(folder / "two.csv.gz", packed("a\n") + packed("1\n") + std::string(512, '\0'));
    EXPECT_EQ(read_file_unpacked(folder / "two.csv.gz"), "a\n1\n");
}

TEST(ReadFileUnpacked, DamagedContentIsRefused) {
    const TestFolder folder;
    const std::string whole = packed("a,b\n1,2\n3,4\n"), path = (folder / "x.csv.gz").string();
    put(path, whole.substr(0, whole.size() - 6));
    EXPECT_EQ(message_of([&] { read_file_unpacked(path); }),
              "cannot read '" + path + "': its gzip content ends early; copy it anew");
    std::string damaged = whole;
    damaged[whole.size() - 6] ^= 1;  // the checksum
    put(path, damaged);
    EXPECT_EQ(message_of([&] { read_file_unpacked(path); }),
              "cannot read '" + path + "': its gzip content is damaged; copy it anew");
}

TEST(ReadCsv, MessagesNameTheFile) {
    const TestFolder folder;
    put(folder / "p.csv", "a,b\n1\n");
    EXPECT_EQ(message_of([&] { read_csv(folder / "p.csv"); }),
              (folder / "p.csv").string() + ":2:2: the row ends after 1 of 2 cells; 'b' is missing");
}

TEST(ReadCsv, ReadsRealData) {
    const fs::path file = fs::path(SHARED_DATA) / "hggs/brusselator_val5k.csv.gz";
    if (!fs::exists(file)) GTEST_SKIP() << "no " << file;
    const Table table = read_csv(file);
    EXPECT_EQ(table.rows(), 5000u);
    EXPECT_EQ(table.names(), (std::vector<std::string>{"a", "b", "freq_X", "freq_Y"}));
    EXPECT_EQ(table.numbers("a")[0], 4.1130069446693067);
}

TEST(WriteFile, MakesFoldersAndReplacesWholly) {
    const TestFolder folder;
    const fs::path file = folder / "out/deep/x.csv";
    write_file(file, "first, and longer");
    write_file(file, "second");
    EXPECT_EQ(read_file(file), "second");
    EXPECT_EQ(files_in(file.parent_path()), 1u);
}

TEST(WriteFile, PermissionsPassOn) {
    const TestFolder folder;
    const fs::path file = folder / "x";
    const mode_t mask = umask(022);
    write_file(file, "a");
    umask(mask);
    EXPECT_EQ(mode_of(file), 0644u);
    chmod(file.c_str(), 0640);
    write_file(file, "b");
    EXPECT_EQ(mode_of(file), 0640u);
}

TEST(WriteFile, FollowsALink) {
    const TestFolder folder;
    put(folder / "target", "old");
    fs::create_symlink("target", folder / "link");
    write_file(folder / "link", "new");
    EXPECT_EQ(read_file(folder / "target"), "new");
    EXPECT_TRUE(fs::is_symlink(folder / "link"));
}

TEST(WriteFile, AFullDiskIsAMessage) {
    EXPECT_EQ(message_of([] { write_file("/dev/full", "x"); }),
              "cannot write '/dev/full': no space left on device; make room there or choose another place");
    write_file("/dev/null", "x");
}

TEST(WriteFile, RunningOutOfRoomLeavesTheOldFileWhole) {
    const TestFolder folder;
    const fs::path file = folder / "x";
    write_file(file, "old");
    rlimit was{};
    getrlimit(RLIMIT_FSIZE, &was);
    const rlimit small{4096, was.rlim_max};
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    const std::string message = message_of([&] { write_file(file, std::string(100000, 'x')); });
    setrlimit(RLIMIT_FSIZE, &was);
    std::signal(SIGXFSZ, handler);
    EXPECT_EQ(message, "cannot write '" + file.string() +
                           "': file too large; make room there or choose another place");
    EXPECT_EQ(read_file(file), "old");
    EXPECT_EQ(files_in(folder.path()), 1u);
}

TEST(WriteFile, AKillLeavesAWholeFile) {
    const TestFolder folder;
    const fs::path file = folder / "x";
    const std::string contents[] = {std::string(300000, 'a'), std::string(200000, 'b')};
    write_file(file, contents[0]);
    for (int round = 0; round < 5; ++round) {
        const pid_t child = fork();
        if (child == 0) {
            for (int i = 0;; ++i) write_file(file, contents[i % 2]);
        }
        usleep(useconds_t(5000 + 3000 * round));
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        const std::string found = read_file(file);
        EXPECT_TRUE(found == contents[0] || found == contents[1]) << found.size() << " bytes";
    }
}

TEST(WriteFile, WhereNothingMayBeWrittenNothingIs) {
    const TestFolder folder;
    const fs::path file = folder / "x";
    put(file, "old");
    chmod(folder.path().c_str(), 0555);
    chmod(file.c_str(), 0666);
    {
        const AnyUser user;
        EXPECT_EQ(message_of([&] { write_file(file, "new"); }),
                  "cannot write '" + file.string() + "': permission denied; choose another place for it");
        EXPECT_EQ(message_of([&] { write_file(folder / "sub/y", "new"); }),
                  "cannot write '" + (folder / "sub/y").string() +
                      "': permission denied; choose another place for it");
    }
    EXPECT_EQ(read_file(file), "old");
    chmod(folder.path().c_str(), 0755);
}

TEST(WriteFile, AProtectedFileIsNotReplaced) {
    const TestFolder folder;
    const fs::path file = folder / "x";
    put(file, "old");
    chmod(file.c_str(), 0444);
    chmod(folder.path().c_str(), 0777);
    {
        const AnyUser user;
        EXPECT_EQ(message_of([&] { write_file(file, "new"); }),
                  "cannot write '" + file.string() + "': permission denied; choose another place for it");
    }
    EXPECT_EQ(read_file(file), "old");
}

TEST(WriteFile, AFolderIsNoFile) {
    const TestFolder folder;
    EXPECT_EQ(message_of([&] { write_file(folder.path(), "x"); }),
              "cannot write '" + folder.path().string() + "': it is a folder; name a file in it");
    put(folder / "x", "");
    EXPECT_EQ(message_of([&] { write_file(folder / "x/y", "x"); }),
              "cannot write '" + (folder / "x/y").string() + "': not a directory");
}

}  // namespace
}  // namespace rondo
