#include "runtime/ensemble/record.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace rondo {
namespace {

constexpr std::size_t block = 64;  // times read at once

// The states that are the outputs; none if one of them is something else.
std::vector<std::uint32_t> plain_states(const CompiledModel& model) {
    std::vector<std::uint32_t> states;
    for (const NodeId id : model.outputs()) {
        const Node node = model.system().graph[id];
        if (node.op != Op::symbol || node.symbol.kind != Symbol::Kind::state) return {};
        states.push_back(node.symbol.index);
    }
    return states;
}

}  // namespace

LaneRecorder::LaneRecorder(const CompiledModel& model, const std::vector<double>& times, int lanes,
                           Place place, Done done, Judge judge)
    : model_(model),
      times_(times),
      place_(std::move(place)),
      done_(std::move(done)),
      judge_(std::move(judge)),
      states_(plain_states(model)),
      runs_(static_cast<std::size_t>(lanes)),
      next_time_(runs_.size()),
      values_(block * std::max(model.state_count(), states_.size())),
      y_(model.state_count()),
      out_(model.output_count()) {
    for (Run& run : runs_) {
        run.p.resize(model.parameter_count());
        run.columns.resize(model.output_count());
    }
}

void LaneRecorder::begin(int lane, std::size_t run) {
    Run& here = runs_[static_cast<std::size_t>(lane)];
    here.index = run;
    here.next = 0;
    for (std::size_t k = 0; k < here.columns.size(); ++k) here.columns[k] = place_(run, k);
}

void LaneRecorder::take_over(int lane, LaneObserver& other, int there) {
    const auto from = static_cast<std::size_t>(there), to = static_cast<std::size_t>(lane);
    auto& recorder = static_cast<LaneRecorder&>(other);
    std::swap(runs_[to], recorder.runs_[from]);
    next_time_[to] = recorder.next_time_[from];
}

LaneMask LaneRecorder::start(const Step& step) {
    LaneMask over = 0;
    for_each_lane(step.active, [&](int lane) {
        Run& run = runs_[static_cast<std::size_t>(lane)];
        run.next = 0;
        gather(step.p, step.lanes, lane, run.p);
        if (read(step, lane)) over |= LaneMask{1} << lane;
    });
    return over;
}

LaneMask LaneRecorder::step(const Step& step) {
    LaneMask over = 0;
    for_each_lane(step.active, [&](int lane) {
        const auto index = static_cast<std::size_t>(lane);
        if (next_time_[index] <= step.t1[index] && read(step, lane)) over |= LaneMask{1} << lane;
    });
    return over;
}

// Whether it was the last that is wanted.
bool LaneRecorder::read(const Step& step, int lane) {
    const auto index = static_cast<std::size_t>(lane);
    Run& run = runs_[index];
    const auto within = [&](double t) { return step.jumps ? t < step.t1[index] : t <= step.t1[index]; };
    while (run.next < times_.size() && within(times_[run.next])) {
        std::size_t count = 1;
        while (count < block && run.next + count < times_.size() && within(times_[run.next + count])) ++count;
        if (states_.empty()) {
            take_outputs(step, lane, run, count);
        } else {
            take_states(step, lane, run, count);
        }
        const std::size_t first = run.next;
        run.next += count;
        if (judge_ && judge_(run.index, first, run.next)) return true;
    }
    next_time_[index] = run.next < times_.size() ? times_[run.next] : std::numeric_limits<double>::infinity();
    return run.next == times_.size();
}

void LaneRecorder::take_states(const Step& step, int lane, Run& run, std::size_t count) {
    step.interpolate(lane, {times_.data() + run.next, count}, states_, values_);
    for (std::size_t k = 0; k < states_.size(); ++k)
        std::copy_n(values_.data() + k * count, count, run.columns[k] + run.next);
}

void LaneRecorder::take_outputs(const Step& step, int lane, Run& run, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const double t = times_[run.next + i];
        step.interpolate(lane, t, y_);
        const auto p = step.lanes == 1 ? step.parameters(t, y_) : std::span<const double>(run.p);
        model_.code().outputs(&t, y_.data(), p.data(), out_.data());
        for (std::size_t k = 0; k < out_.size(); ++k) run.columns[k][run.next + i] = out_[k];
    }
}

void LaneRecorder::end(int lane, std::size_t run, const Outcome& outcome) {
    const Run& here = runs_[static_cast<std::size_t>(lane)];
    for (double* column : here.columns)
        std::fill(column + here.next, column + times_.size(), std::numeric_limits<double>::quiet_NaN());
    done_(run, outcome);
}

}  // namespace rondo
