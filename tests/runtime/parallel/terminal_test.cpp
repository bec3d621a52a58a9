// The progress line, as a terminal receives it.
#include "runtime/parallel/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

namespace rondo {
namespace {

// What stands for a terminal, to read what a program writes on it.
class Terminal {
  public:
    Terminal() {
        if (pipe(ends_) == 0) fcntl(ends_[0], F_SETFL, O_NONBLOCK);
        fcntl(ends_[1], F_SETPIPE_SZ, 1 << 20);
    }
    Terminal(const Terminal&) = delete;
    ~Terminal() {
        close(ends_[0]);
        close(ends_[1]);
    }
    int number() const { return ends_[1]; }
    std::string received() {
        std::string bytes(1 << 20, '\0');
        const ssize_t count = read(ends_[0], bytes.data(), bytes.size());
        bytes.resize(count > 0 ? std::size_t(count) : 0);
        return bytes;
    }

  private:
    int ends_[2] = {-1, -1};
};

const std::string erase = "\r\x1b[K";

TEST(TerminalProgress, ShowsOneLineAndErasesIt) {
    Terminal terminal;
    const auto progress = progress_line(terminal.number(), 100);
    ASSERT_TRUE(progress);
    progress->begin("label brusselator", 200);
    EXPECT_EQ(terminal.received(), erase + "label brusselator [........................]  0/200");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    progress->note("loss 0.01");
    progress->advance(50);
    const std::string line = terminal.received();
    EXPECT_TRUE(line.starts_with(erase + "label brusselator [######..................]  50/200  ")) << line;
    EXPECT_NE(line.find("/s  0:0"), line.npos) << line;
    EXPECT_TRUE(line.ends_with(" left  loss 0.01")) << line;
    progress->end();
    EXPECT_EQ(terminal.received(), erase);
    progress->end();
    EXPECT_EQ(terminal.received(), "");
}

TEST(TerminalProgress, IsRedrawnAtMostTenTimesASecond) {
    Terminal terminal;
    const auto progress = progress_line(terminal.number(), 100);
    progress->begin("x", 100000);
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < 100000; ++i) progress->advance(i);
    const double tenths =
        10 * std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    int drawn = 0;
    const std::string all = terminal.received();
    for (auto at = all.find(erase); at != all.npos; at = all.find(erase, at + 1)) ++drawn;
    EXPECT_LE(drawn, 2 + int(tenths) + 1);
}

TEST(TerminalProgress, FitsANarrowTerminal) {
    Terminal terminal;
    for (const int columns : {1, 2, 8, 20, 40}) {
        SCOPED_TRACE(columns);
        const auto progress = progress_line(terminal.number(), columns);
        progress->begin("a long name of what is being done here", 1000000);
        const std::string line = terminal.received();
        EXPECT_LT(line.size() - erase.size(), std::size_t(columns));
        progress->end();
        terminal.received();
    }
}

TEST(TerminalProgress, IsNullWhereNobodyWatches) {
    const Terminal pipe;
    setenv("TERM", "xterm", 1);
    EXPECT_FALSE(terminal_progress(pipe.number()));
    int reader = -1, writer = -1;
    if (openpty(&reader, &writer, nullptr, nullptr, nullptr) != 0) return;  // a bare machine has none
    EXPECT_TRUE(terminal_progress(writer));
    setenv("TERM", "dumb", 1);
    EXPECT_FALSE(terminal_progress(writer));
    unsetenv("TERM");
    EXPECT_FALSE(terminal_progress(writer));
    close(reader);
    close(writer);
}

}  // namespace
}  // namespace rondo
