#include "runtime/integrate/history.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rondo {

History::History(const CompiledModel& model)
    : model_(model),
      first_(model.system().first_delay),
      count_(model.system().delays.size()),
      now_(2 * count_),
      then_(2 * count_),
      y_(model.state_count()) {}

void History::start(const Situation& at) {
    if (!any()) return;
    t0_ = at.t;
    segments_.clear();
    echoes_.clear();
    // Delays of delays: a few rounds fill what the first ones read.
    for (std::size_t round = 0; round <= count_; ++round) {
        model_.code().delays(&at.t, at.y.data(), at.p.data(), now_.data());
        for (std::size_t k = 0; k < count_; ++k) at.p[first_ + k] = now_[2 * k];
    }
    y0_.assign(at.y.begin(), at.y.end());
    p0_.assign(at.p.begin(), at.p.end());
    remember_jump(at);
}

void History::add(double begin, double end, double at, int order, std::span<const double> p,
                  const std::function<void(int, double*)>& derivative) {
    const std::size_t n = y_.size();
    Segment segment{begin, end, at, order, std::vector<double>(static_cast<std::size_t>(order + 1) * n), {}};
    double factorial = 1;
    for (int k = 0; k <= order; ++k) {
        double* out = segment.derivatives.data() + static_cast<std::size_t>(k) * n;
        derivative(k, out);
        factorial *= std::max(k, 1);
        for (std::size_t i = 0; i < n; ++i) out[i] /= factorial;
    }
    if (!segments_.empty() && std::ranges::equal(*segments_.back().p, p))
        segment.p = segments_.back().p;
    else
        segment.p = std::make_shared<const std::vector<double>>(p.begin(), p.end());
    segments_.push_back(std::move(segment));
}

void History::read(const Segment& segment, double t) {
    const std::size_t n = y_.size();
    const double h = t - segment.at;
    for (std::size_t i = 0; i < n; ++i) {
        double sum = 0;
        for (auto k = static_cast<std::size_t>(segment.order) + 1; k-- > 0;)
            sum = sum * h + segment.derivatives[k * n + i];
        y_[i] = sum;
    }
}

double History::value(std::size_t delay, double t, const Situation& now) {
    const auto at_time = [&](const double* y, const double* p) {
        model_.code().delays(&t, y, p, then_.data());
        return then_[2 * delay];
    };
    if (segments_.empty() || t < segments_.front().begin) return at_time(y0_.data(), p0_.data());
    const Segment& last = segments_.back();
    if (t <= last.end) {
        const auto found = std::ranges::upper_bound(segments_, t, {}, &Segment::end);
        const Segment& segment = found == segments_.end() ? last : *found;
        read(segment, t);
        return at_time(y_.data(), segment.p->data());
    }
    read(last, last.end);
    const double share = now.t > last.end ? (t - last.end) / (now.t - last.end) : 1;
    for (std::size_t i = 0; i < y_.size(); ++i) y_[i] += share * (now.y[i] - y_[i]);
    return at_time(y_.data(), now.p.data());
}

void History::look_up(const Situation& at) {
    if (!any()) return;
    model_.code().delays(&at.t, at.y.data(), at.p.data(), now_.data());
    for (std::size_t k = 0; k < count_; ++k) {
        const double lag = now_[2 * k + 1];
        at.p[first_ + k] = lag > 0 ? value(k, at.t - lag, at) : now_[2 * k];
    }
}

double History::shortest_lag(const Situation& at) {
    double shortest = std::numeric_limits<double>::infinity();
    if (!any()) return shortest;
    model_.code().delays(&at.t, at.y.data(), at.p.data(), now_.data());
    for (std::size_t k = 0; k < count_; ++k) {
        if (now_[2 * k + 1] > 0) shortest = std::min(shortest, now_[2 * k + 1]);
    }
    return shortest;
}

void History::remember_jump(const Situation& at) {
    if (!any()) return;
    std::erase_if(echoes_, [&](double t) { return t <= at.t; });
    model_.code().delays(&at.t, at.y.data(), at.p.data(), now_.data());
    for (std::size_t k = 0; k < count_; ++k) {
        const double lag = now_[2 * k + 1];
        if (lag > 0 && std::isfinite(lag)) echoes_.insert(echoes_.end(), {at.t + lag, at.t + 2 * lag});
    }
}

double History::next_echo(double after) const {
    double next = std::numeric_limits<double>::infinity();
    for (const double t : echoes_) {
        if (t > after) next = std::min(next, t);
    }
    return next;
}

}  // namespace rondo
