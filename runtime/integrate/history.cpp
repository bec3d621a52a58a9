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
      y_(model.state_count()) {
    const Graph& graph = model.system().graph;
    std::vector<NodeId> roots;
    for (const auto& [value, lag] : model.system().delays) roots.insert(roots.end(), {value, lag});
    for (const NodeId id : reachable(graph, roots)) {
        const Node node = graph[id];
        nested_ = nested_ || (node.op == Op::symbol && node.symbol.kind == Symbol::Kind::parameter &&
                              node.symbol.index >= first_ && node.symbol.index < first_ + count_);
    }
}

void History::start(const Situation& at, std::span<const double> inputs) {
    if (!any()) return;
    segments_.clear();
    echoes_.clear();
    inputs_.assign(inputs.begin(), inputs.end());
    p_.resize(at.p.size());
    look_up(at);
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
    if (segments_.empty() || t < segments_.front().begin) {
        std::ranges::copy(inputs_, p_.begin());
        model_.code().initialize(&t, p_.data(), y_.data());
        model_.code().delays(&t, y_.data(), p_.data(), then_.data());
        for (std::size_t k = 0; k < count_; ++k) p_[first_ + k] = then_[2 * k];
        return at_time(y_.data(), p_.data());
    }
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
    for (std::size_t k = 0; k < count_; ++k) {
        if (k == 0 || nested_) model_.code().delays(&at.t, at.y.data(), at.p.data(), now_.data());
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
