// throttle.h: lets something happen at most so often, whoever asks.
#pragma once
#include <atomic>
#include <chrono>

namespace rondo {

class Throttle {
  public:
    using Clock = std::chrono::steady_clock;
    explicit Throttle(Clock::duration gap = std::chrono::milliseconds(100)) : gap_(gap) {}

    // True for one caller a gap; the first is let through.
    bool due() {
        const auto now = Clock::now().time_since_epoch().count();
        auto next = next_.load(std::memory_order_relaxed);
        return now >= next && next_.compare_exchange_strong(next, now + gap_.count());
    }

  private:
    Clock::duration gap_;
    std::atomic<Clock::rep> next_ = 0;
};

}  // namespace rondo
