// crew.h: other processes that take parts of a map. All that passes between them is bytes.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

// How the items of a map travel. `setup` says what is to be done with them, model and options included;
// `pack` gives items [first, last) as a helper wants them, `unpack` takes what it made of them. Both are
// called by one thread at a time.
struct Parcels {
    std::string setup;
    std::function<std::string(std::size_t first, std::size_t last)> pack;
    std::function<void(std::size_t first, std::size_t last, std::string_view answer)> unpack;
};

// The line to the other processes, as one end of it sees it.
class Line {
  public:
    struct Message {
        int from;
        std::string bytes;
    };
    virtual ~Line() = default;
    virtual int rank() const = 0;                      // 0: hands work out; others help
    virtual int size() const = 0;                      // processes
    virtual void send(int to, std::string bytes) = 0;  // returns at once
    virtual std::optional<Message> receive() = 0;      // empty: nothing has come
};

// The helpers as process 0 sees them. Used by one thread at a time.
class Crew {
  public:
    explicit Crew(Line& line);
    ~Crew();  // tells the helpers to go home, and waits until they have heard it
    Crew(const Crew&) = delete;
    int helpers() const { return line_.size() - 1; }

    struct Answer {
        int helper;
        std::uint64_t round;
        std::size_t first, last;
        int fault;          // of an Error the helper met; 0: none, and bytes is what was made
        std::string bytes;  // or the error's text
    };
    // Items [first, last) of a round of work. The setup goes along unless the helper has it still.
    void ask(int helper, std::uint64_t round, const std::string& setup, std::size_t first, std::size_t last,
             std::string_view items);
    // Empty: nothing has come. Throws Error(interrupted) when a helper has gone home by itself.
    std::optional<Answer> answer();
    std::uint64_t next_round() { return ++round_; }

  private:
    Line& line_;
    std::vector<std::string> setups_;  // that each helper has
    int gone_ = 0;                     // helpers
    std::uint64_t round_ = 0;
};

class Executor;

// What a setup becomes: from items to results.
using Handler = std::function<std::string(std::string_view items, const Executor& executor)>;
using Prepare = std::function<Handler(std::string_view setup)>;

// The life of a helper: does what comes until it is told to go home, or `stop` is set.
void help(Line& line, const Prepare& prepare, int jobs, std::atomic<bool>& stop);

// Longest time, in seconds, that a helper should need for what it is asked at once: what a kill may cost, and
// how late the last one is at the end of a map.
inline constexpr double longest_ask = 0.5;
// And the most items: a batch a worker.
inline constexpr std::size_t most_items = 500;

}  // namespace rondo
