#include "runtime/integrate/record.h"

#include <cassert>
#include <cmath>

#include "dsl/syntax/error.h"
#include "runtime/table/csv.h"

namespace rondo {

Recorder::Recorder(std::vector<std::string> names, std::vector<double> times)
    : names_(std::move(names)), times_(std::move(times)) {
    for (std::size_t i = 0; i < times_.size(); ++i) {
        if (!std::isfinite(times_[i]))
            throw Error(Fault::input, "output time " + std::to_string(i + 1) + " is not finite");
        if (i > 0 && times_[i] < times_[i - 1])
            throw Error(Fault::input, "output times must ascend, but " + shortest(times_[i]) + " follows " +
                                          shortest(times_[i - 1]));
    }
    values_.reserve(times_.size() * names_.size());
}

LaneMask Recorder::start(const Step& step) {
    assert(step.lanes == 1 && step.model->output_count() == names_.size());
    next_ = 0;
    values_.clear();
    state_.resize(step.model->state_count());
    return read(step);
}

LaneMask Recorder::step(const Step& step) {
    return read(step);
}

LaneMask Recorder::read(const Step& step) {
    const auto within = [&](double t) { return step.jumps ? t < step.t1[0] : t <= step.t1[0]; };
    for (; next_ < times_.size() && within(times_[next_]); ++next_) {
        const double t = times_[next_];
        step.interpolate(0, t, state_);
        values_.resize(values_.size() + names_.size());
        step.model->code().outputs(&t, state_.data(), step.parameters(t, state_).data(),
                                   values_.data() + next_ * names_.size());
    }
    return next_ == times_.size() ? 1 : 0;
}

Table Recorder::table() const {
    Table table;
    table.set("time", std::vector<double>(times_.begin(), times_.begin() + static_cast<long>(next_)));
    for (std::size_t k = 0; k < names_.size(); ++k) {
        std::vector<double> column(next_);
        for (std::size_t row = 0; row < next_; ++row) column[row] = values_[row * names_.size() + k];
        table.set(names_[k], std::move(column));
    }
    return table;
}

}  // namespace rondo
