// history.h: the past of a run, for delay(x, lag): the integrator's own dense output, step by step.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "runtime/integrate/modes.h"

namespace rondo {

class History {
  public:
    explicit History(const CompiledModel&);
    bool any() const { return count_ > 0; }

    // Forgets all. Before, y and p were what the equations of the start give of `inputs` at each time.
    void start(const Situation&, std::span<const double> inputs);

    // A step that ends at `end`: derivative(k, out) gives the k-th derivative of y at `at`, k = 0..order.
    void add(double begin, double end, double at, int order, std::span<const double> p,
             const std::function<void(int k, double* out)>& derivative);

    // Puts into p what the delays are worth. Where the past reaches into the present step, the value lies on
    // the line from the last step's end to now.
    void look_up(const Situation&);

    // The smallest lag, for steps not to be longer; infinite if there is none.
    double shortest_lag(const Situation&);

    // Where the situation's jump comes back by delays: `t` + each lag, and twice that.
    void remember_jump(const Situation&);
    double next_echo(double after) const;

  private:
    struct Segment {
        double begin, end, at;
        int order;
        std::vector<double> derivatives;  // [order + 1][states], divided by k!
        std::shared_ptr<const std::vector<double>> p;
    };
    double value(std::size_t delay, double t, const Situation& now);
    void read(const Segment&, double t);
    const CompiledModel& model_;
    std::size_t first_, count_;
    bool nested_ = false;  // a delay reads another
    std::vector<double> inputs_, p_, now_, then_, y_, echoes_;
    std::vector<Segment> segments_;
};

}  // namespace rondo
