// terminal.cpp: one line, redrawn in place.
//
//   label brusselator [###########.............]  4512/10000  1.2k/s  0:04 left  loss 0.012
#include "runtime/parallel/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string_view>

#include "runtime/parallel/throttle.h"

namespace rondo {

namespace {

constexpr std::string_view erase_line = "\r\x1b[K";
constexpr int default_width = 80;

int terminal_width(int number) {
    winsize size{};
    return ioctl(number, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : default_width;
}

std::string printed(const char* format, double value) {
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

// Three digits: 0.5, 12, 1.2k, 34M.
std::string short_number(double value) {
    std::string_view prefixes = "kMGT";
    if (value < 1000) return printed(value < 10 ? "%.1f" : "%.0f", value);
    std::size_t i = 0;
    for (value /= 1000; value >= 1000 && i + 1 < prefixes.size(); ++i) value /= 1000;
    return printed(value < 10 ? "%.1f" : "%.0f", value) + prefixes[i];
}

std::string duration_text(double seconds) {
    const long total = std::lround(std::min(seconds, 3.6e8));
    char text[32];
    if (total < 3600) {
        std::snprintf(text, sizeof text, "%ld:%02ld", total / 60, total % 60);
    } else {
        std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", total / 3600, total / 60 % 60, total % 60);
    }
    return text;
}

class TerminalProgress : public Progress {
  public:
    TerminalProgress(int number, int columns) : number_(number), columns_(columns) {}
    ~TerminalProgress() override { end(); }

    void begin(const std::string& what, std::size_t total) override {
        const std::lock_guard lock(mutex_);
        what_ = what;
        note_.clear();
        total_ = total;
        done_ = 0;
        start_ = Throttle::Clock::now();
        draw();
    }
    void advance(std::size_t done) override {
        if (!throttle_.due()) return;
        const std::lock_guard lock(mutex_);
        done_ = std::max(done_, done);  // threads may arrive out of order
        draw();
    }
    void note(const std::string& text) override {
        const std::lock_guard lock(mutex_);
        note_ = text;
    }
    void end() override {
        const std::lock_guard lock(mutex_);
        if (shown_) put(erase_line);
        shown_ = false;
    }

  private:
    void draw();
    std::string numbers() const;
    void put(std::string_view text) const;

    const int number_, columns_;
    Throttle throttle_;
    std::mutex mutex_;  // of all below
    std::string what_, note_;
    std::size_t total_ = 0, done_ = 0;
    Throttle::Clock::time_point start_;
    bool shown_ = false;
};

std::string TerminalProgress::numbers() const {
    std::string text = std::to_string(done_) + "/" + std::to_string(total_);
    const double seconds = std::chrono::duration<double>(Throttle::Clock::now() - start_).count();
    if (done_ > 0 && seconds > 0) {
        const double rate = double(done_) / seconds;
        text += "  " + short_number(rate) + "/s  " +
                duration_text(double(total_ - std::min(done_, total_)) / rate) + " left";
    }
    return note_.empty() ? text : text + "  " + note_;
}

// The name gives way first, then the bar; a line that wraps could not be erased.
void TerminalProgress::draw() {
    constexpr std::size_t longest_bar = 24, shortest_bar = 6;
    const std::size_t width = std::size_t(columns_ > 0 ? columns_ : terminal_width(number_)) - 1;
    std::string tail = numbers();
    const std::size_t room = width > tail.size() + 5 ? width - tail.size() - 5 : 0;
    std::string line = what_.substr(0, room > shortest_bar ? room - shortest_bar : 0);
    const std::size_t bar = std::min(longest_bar, room - line.size());
    if (bar >= shortest_bar) {
        const std::size_t full = total_ ? bar * std::min(done_, total_) / total_ : bar;
        line += " [" + std::string(full, '#') + std::string(bar - full, '.') + "]  ";
    }
    line += tail;
    put(std::string(erase_line) + line.substr(0, width));
    shown_ = true;
}

void TerminalProgress::put(std::string_view text) const {
    // A terminal that went away is no reason to stop the work.
    [[maybe_unused]] const auto written = ::write(number_, text.data(), text.size());
}

}  // namespace

std::unique_ptr<Progress> terminal_progress(int number) {
    const char* kind = std::getenv("TERM");
    if (!isatty(number) || !kind || std::string_view(kind) == "dumb") return nullptr;
    return progress_line(number, 0);
}

std::unique_ptr<Progress> progress_line(int number, int columns) {
    return std::make_unique<TerminalProgress>(number, columns);
}

}  // namespace rondo
