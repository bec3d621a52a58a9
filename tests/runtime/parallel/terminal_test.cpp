// The progress line, as a terminal receives it.
#include "runtime/parallel/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

namespace rondo {
namespace {

// A terminal of our own, to read what a program writes on it.
class Terminal {
  public:
    explicit Terminal(unsigned short columns) {
        const winsize size{24, columns, 0, 0};
        open_ = openpty(&reader_, &writer_, nullptr, nullptr, &size) == 0;
        if (open_) fcntl(reader_, F_SETFL, O_NONBLOCK);
    }
    Terminal(const Terminal&) = delete;
    ~Terminal() {
        close(reader_);
        close(writer_);
    }
    bool is_open() const { return open_; }
    int number() const { return writer_; }
    std::string received() {
        char bytes[65536];
        const ssize_t count = read(reader_, bytes, sizeof bytes);
        return count > 0 ? std::string(bytes, std::size_t(count)) : "";
    }

  private:
    int reader_ = -1, writer_ = -1;
    bool open_ = false;
};

const std::string erase = "\r\x1b[K";

class TerminalProgressTest : public testing::Test {
  protected:
    void SetUp() override {
        setenv("TERM", "xterm", 1);
        if (!terminal.is_open()) GTEST_SKIP() << "no pseudo-terminal to be had";
    }
    Terminal terminal{100};
};

TEST_F(TerminalProgressTest, ShowsOneLineAndErasesIt) {
    const auto progress = terminal_progress(terminal.number());
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

TEST_F(TerminalProgressTest, IsRedrawnAtMostTenTimesASecond) {
    const auto progress = terminal_progress(terminal.number());
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

TEST_F(TerminalProgressTest, FitsANarrowTerminal) {
    for (const unsigned short columns : {1, 2, 8, 20, 40}) {
        SCOPED_TRACE(columns);
        const winsize size{24, columns, 0, 0};
        ioctl(terminal.number(), TIOCSWINSZ, &size);
        const auto progress = terminal_progress(terminal.number());
        progress->begin("a long name of what is being done here", 1000000);
        const std::string line = terminal.received();
        EXPECT_LT(line.size() - erase.size(), columns);
        progress->end();
        terminal.received();
    }
}

TEST_F(TerminalProgressTest, IsNullWhereNobodyWatches) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    EXPECT_FALSE(terminal_progress(ends[1]));
    setenv("TERM", "dumb", 1);
    EXPECT_FALSE(terminal_progress(terminal.number()));
    unsetenv("TERM");
    EXPECT_FALSE(terminal_progress(terminal.number()));
    close(ends[0]);
    close(ends[1]);
}

}  // namespace
}  // namespace rondo
