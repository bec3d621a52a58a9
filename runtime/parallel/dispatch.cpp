#include "runtime/parallel/dispatch.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <thread>

#include "dsl/syntax/error.h"

namespace rondo {

namespace {

using Clock = std::chrono::steady_clock;

// Two asks are under way to each helper, so that it need not wait for the line. The first are small; the
// next ones are sized by how fast it has been, and towards the end of the map by what is left for all.
class Dispatcher {
  public:
    Dispatcher(Crew& crew, const Parcels& parcels, const Share& share, int workers)
        : crew_(crew),
          parcels_(parcels),
          share_(share),
          hands_(static_cast<std::size_t>(workers + 2 * crew.helpers())),
          round_(crew.next_round()),
          asked_(static_cast<std::size_t>(crew.helpers()) + 1) {}

    void run() {
        for (int turn = 0; turn < 2; ++turn)
            for (int helper = 1; helper <= crew_.helpers(); ++helper) ask(helper);
        while (under_way_ > 0 && !share_.stopping()) {
            if (const auto answer = crew_.answer())
                take(*answer);
            else
                std::this_thread::sleep_for(std::chrono::microseconds(100));
        }
    }

  private:
    static constexpr std::size_t first_ask = 8;

    std::size_t fair(std::size_t helper) const {
        const double rate = asked_[helper].rate;
        const std::size_t wanted = rate > 0 ? static_cast<std::size_t>(rate * longest_ask) : first_ask;
        return std::clamp<std::size_t>(std::min(wanted, share_.left() / hands_), 1, most_items);
    }

    void ask(int helper) {
        const auto h = static_cast<std::size_t>(helper);
        const auto items = share_.take(fair(h));
        if (!items) return;
        const auto [first, last] = *items;
        crew_.ask(helper, round_, parcels_.setup, first, last, parcels_.pack(first, last));
        asked_[h].at.push_back(Clock::now());
        ++under_way_;
    }

    // Answers of an earlier map, which was stopped, are nobody's.
    void take(const Crew::Answer& answer) {
        if (answer.round != round_) return;
        --under_way_;
        if (answer.fault != 0) throw Error(static_cast<Fault>(answer.fault), answer.bytes);
        parcels_.unpack(answer.first, answer.last, answer.bytes);
        share_.done(answer.last - answer.first);
        measure(static_cast<std::size_t>(answer.helper), answer.last - answer.first);
        ask(answer.helper);
    }

    // From when it could begin: when it was asked, or had answered what was asked before.
    void measure(std::size_t helper, std::size_t items) {
        Asked& asked = asked_[helper];
        const auto now = Clock::now();
        const double seconds =
            std::chrono::duration<double>(now - std::max(asked.at.front(), asked.answered)).count();
        asked.at.pop_front();
        asked.answered = now;
        asked.rate = static_cast<double>(items) / std::max(seconds, 1e-6);
    }

    struct Asked {
        double rate = 0;  // items a second; 0: not known
        std::deque<Clock::time_point> at;
        Clock::time_point answered;
    };

    Crew& crew_;
    const Parcels& parcels_;
    const Share& share_;
    const std::size_t hands_;
    const std::uint64_t round_;
    std::vector<Asked> asked_;  // [helper]
    std::size_t under_way_ = 0;
};

}  // namespace

void dispatch(Crew& crew, const Parcels& parcels, const Share& share, int workers) {
    Dispatcher(crew, parcels, share, workers).run();
}

}  // namespace rondo
