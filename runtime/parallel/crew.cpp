// crew.cpp: what passes between process 0 and its helpers. A message is numbers of 8 bytes, then bytes:
//
//   to a helper      kind (0 setup, 1 items, 2 go home) | round | first | last | setup or items
//   from a helper    fault | round | first | last | results, or the text of an error
//                    the last one: gone | 0 | 0 | 0
#include "runtime/parallel/crew.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

#include "dsl/syntax/error.h"
#include "runtime/parallel/executor.h"

namespace rondo {

namespace {

enum : std::uint64_t { setup_kind, items_kind, end_kind };
constexpr std::uint64_t gone = 255;  // instead of a fault

using Head = std::array<std::uint64_t, 4>;

std::string message(const Head& head, std::string_view body) {
    std::string bytes(sizeof head, '\0');
    std::memcpy(bytes.data(), head.data(), sizeof head);
    return bytes.append(body);
}

Head head_of(const std::string& bytes) {
    Head head{};
    std::memcpy(head.data(), bytes.data(), std::min(sizeof head, bytes.size()));
    return head;
}

std::string body_of(const std::string& bytes) {
    return bytes.substr(std::min(sizeof(Head), bytes.size()));
}

constexpr std::chrono::microseconds nap{200};

}  // namespace

Crew::Crew(Line& line) : line_(line), setups_(static_cast<std::size_t>(line.size())) {}

Crew::~Crew() {
    for (int helper = 1; helper < line_.size(); ++helper)
        line_.send(helper, message({end_kind, 0, 0, 0}, {}));
}

void Crew::ask(int helper, std::uint64_t round, const std::string& setup, std::size_t first, std::size_t last,
               std::string_view items) {
    std::string& known = setups_[static_cast<std::size_t>(helper)];
    if (known != setup) {
        line_.send(helper, message({setup_kind, round, 0, 0}, setup));
        known = setup;
    }
    line_.send(helper, message({items_kind, round, first, last}, items));
}

std::optional<Crew::Answer> Crew::answer() {
    auto received = line_.receive();
    if (!received) return std::nullopt;
    const auto [fault, round, first, last] = head_of(received->bytes);
    if (fault == gone) {
        ++gone_;
        throw Error(Fault::interrupted,
                    "interrupted: rank " + std::to_string(received->from) + " was stopped");
    }
    return Answer{received->from, round, first, last, static_cast<int>(fault), body_of(received->bytes)};
}

namespace {

// The helper's hands: works off what the line has brought, on a thread of its own, so that the line is always
// listened to.
class Hands {
  public:
    Hands(const Prepare& prepare, int jobs, const StopFlag& stop)
        : prepare_(prepare), executor_(jobs, &stop), thread_([this] { work(); }) {}
    ~Hands() {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        come_.notify_one();
    }
    void give(std::string bytes) {
        const std::lock_guard lock(mutex_);
        todo_.push_back(std::move(bytes));
        come_.notify_one();
    }
    std::optional<std::string> made() {
        const std::lock_guard lock(mutex_);
        if (made_.empty()) return std::nullopt;
        std::string bytes = std::move(made_.front());
        made_.pop_front();
        return bytes;
    }

  private:
    void work() {
        for (;;) {
            std::string bytes;
            {
                std::unique_lock lock(mutex_);
                come_.wait(lock, [&] { return ended_ || !todo_.empty(); });
                if (ended_) return;
                bytes = std::move(todo_.front());
                todo_.pop_front();
            }
            std::string answer = handle(bytes);
            const std::lock_guard lock(mutex_);
            if (!answer.empty()) made_.push_back(std::move(answer));
        }
    }

    // A setup that cannot be prepared is answered when items come for it.
    std::string handle(const std::string& bytes) {
        const auto [kind, round, first, last] = head_of(bytes);
        try {
            if (kind == setup_kind) {
                setup_ = body_of(bytes);
                handler_ = {};
                return {};
            }
            if (!handler_) handler_ = prepare_(setup_);
            return message({0, round, first, last}, handler_(body_of(bytes), executor_));
        } catch (const Error& error) {
            return message({static_cast<std::uint64_t>(error.fault()), round, first, last}, error.what());
        } catch (const std::exception& error) {
            return message({static_cast<std::uint64_t>(Fault::numerics), round, first, last}, error.what());
        }
    }

    const Prepare& prepare_;
    const Executor executor_;
    std::mutex mutex_;  // of the three below
    std::condition_variable come_;
    std::deque<std::string> todo_, made_;
    bool ended_ = false;
    std::string setup_;
    Handler handler_;
    std::jthread thread_;
};

}  // namespace

void help(Line& line, const Prepare& prepare, int jobs, StopFlag& stop) {
    Hands hands(prepare, jobs, stop);
    while (!stop) {
        bool idle = true;
        while (auto answer = hands.made()) {
            line.send(0, std::move(*answer));
            idle = false;
        }
        if (auto received = line.receive()) {
            if (head_of(received->bytes)[0] == end_kind)
                stop = true;
            else
                hands.give(std::move(received->bytes));
            idle = false;
        }
        if (idle) std::this_thread::sleep_for(nap);
    }
    line.send(0, message({gone, 0, 0, 0}, {}));
}

}  // namespace rondo
