// ensembles.h: sets of runs of the oscillators that prototypes and papers measure with.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "runtime/ensemble/ensemble.h"

namespace rondo::testing {

struct RunSet {
    std::string name;
    std::shared_ptr<const CompiledModel> model;
    std::vector<std::vector<double>> inputs;  // parameters within 20 % of the nominal ones, all on a rhythm
    double end;
    bool stiff;
};

std::vector<RunSet> run_sets(int runs = 64);

// How a run ended.
struct LastState {
    std::vector<double> y;
    Outcome outcome;
    std::uint64_t steps = 0;  // in which its lane moved
    int lanes = 0;            // of its group
};

class LastObserver : public LaneObserver {
  public:
    LastObserver(std::vector<LastState>& runs, int lanes);
    void begin(int lane, std::size_t run) override;
    void take_over(int lane, LaneObserver& other, int there) override;
    LaneMask start(const Step& step) override;
    LaneMask step(const Step& step) override;
    void end(int lane, std::size_t run, const Outcome& outcome) override;

  private:
    std::vector<LastState>& runs_;
    int lanes_;
    std::vector<std::uint64_t> moved_;  // [lanes]
    std::span<const double> y_;
};

}  // namespace rondo::testing
