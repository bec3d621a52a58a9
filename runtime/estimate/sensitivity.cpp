#include "runtime/estimate/sensitivity.h"

#include <cmath>
#include <map>

namespace rondo {
namespace {

// Builds the system of y and S. While derivatives are taken, coordinate k is the state first_ + k.
class Builder {
  public:
    Builder(const FitProblem& problem, std::size_t c)
        : system_(problem.code().system()), n_(static_cast<std::uint32_t>(system_.states.size())) {
        for (std::size_t k = 0; k < problem.space().size(); ++k)
            if (problem.is_free(c, k))
                coordinate_[static_cast<std::uint32_t>(problem.input(k))] = static_cast<std::uint32_t>(k);
        p_ = static_cast<std::uint32_t>(problem.space().size());
        std::vector<double> z;
        for (const auto& coordinate : problem.space().coordinates) z.push_back(coordinate.lower);
        inputs_ = problem.inputs(c, z);
    }

    std::shared_ptr<const CompiledModel> build(const std::vector<NodeId>& observables) {
        const auto rhs = carried(system_.rhs), outputs = carried(observables);
        const auto starts = carried(system_.initial);
        for (std::uint32_t k = 0; k < p_; ++k)
            for (std::uint32_t i = 0; i < n_; ++i) {
                system_.initial.push_back(starts[i * p_ + k]);
                system_.rhs.push_back(rhs[i * p_ + k]);
                system_.states.push_back("d(" + system_.states[i] + ")/d" + std::to_string(k + 1));
            }
        CompileOptions options;
        options.outputs = observables;
        for (std::uint32_t k = 0; k < p_; ++k)
            for (std::size_t i = 0; i < observables.size(); ++i)
                options.outputs.push_back(outputs[i * p_ + k]);
        system_.column_start.assign(system_.states.size() + 1, 0);  // no Jacobian is asked for
        system_.row_index.clear();
        system_.jacobian.clear();
        system_.concentrations.clear();
        return compile(std::make_shared<const OdeSystem>(system_), options);
    }

  private:
    // d node / d coordinate along the run, S included. [nodes][coordinates]
    std::vector<NodeId> carried(const std::vector<NodeId>& nodes) {
        std::vector<NodeId> opened;
        for (const NodeId id : nodes) opened.push_back(open(id));
        const auto slopes = gradients(system_.graph, opened);
        std::vector<NodeId> result;
        for (const auto& slope : slopes) {
            std::vector<NodeId> sums(p_, system_.graph.number(0));
            for (const auto& [state, derivative] : slope) {
                const NodeId closed = close(derivative);
                if (state >= first_) {
                    add(sums[state - first_], closed);
                } else {
                    for (std::uint32_t k = 0; k < p_; ++k)
                        add(sums[k], system_.graph.apply(
                                         Op::times, {closed, system_.graph.state(n_ * (k + 1) + state)}));
                }
            }
            result.insert(result.end(), sums.begin(), sums.end());
        }
        return result;
    }
    void add(NodeId& sum, NodeId term) { sum = system_.graph.apply(Op::plus, {sum, term}); }

    // The node with coordinates as states, and values computed once per run as what computes them.
    NodeId open(NodeId id) {
        if (const auto found = opened_.find(id); found != opened_.end()) return found->second;
        const Node node = system_.graph[id];
        NodeId now = id;
        if (node.op == Op::symbol && node.symbol.kind == Symbol::Kind::parameter) {
            now = open_parameter(id, node.symbol.index);
        } else if (node.count > 0) {
            now = rebuilt(id, [&](NodeId operand) { return open(operand); });
        }
        return opened_[id] = now;
    }
    NodeId open_parameter(NodeId id, std::uint32_t index) {
        if (const auto found = coordinate_.find(index); found != coordinate_.end())
            return system_.graph.state(first_ + found->second);
        const auto inputs = static_cast<std::uint32_t>(system_.inputs.size());
        if (index < inputs) {
            const NodeId completed = system_.completed[index];
            if (!std::isnan(inputs_[index]) || completed == id) return id;
            // It was not given: what is left of "the input if it was given, else its initial assignment".
            return open(system_.graph.operands(completed).back());
        }
        const bool jumps = index >= system_.first_mode && index < system_.first_mode + system_.modes.size();
        return jumps ? id : open(system_.derived_values[index - inputs]);
    }
    // Back: coordinates are parameters again.
    NodeId close(NodeId id) {
        if (const auto found = closed_.find(id); found != closed_.end()) return found->second;
        const Node node = system_.graph[id];
        NodeId now = id;
        if (node.op == Op::symbol && node.symbol.kind == Symbol::Kind::state && node.symbol.index >= first_) {
            for (const auto& [input, k] : coordinate_)
                if (k == node.symbol.index - first_) now = system_.graph.parameter(input);
        } else if (node.count > 0) {
            now = rebuilt(id, [&](NodeId operand) { return close(operand); });
        }
        return closed_[id] = now;
    }
    template <class Map>
    NodeId rebuilt(NodeId id, Map map) {
        const Op op = system_.graph[id].op;
        const auto span = system_.graph.operands(id);
        std::vector<NodeId> operands(span.begin(), span.end());
        for (NodeId& operand : operands) operand = map(operand);
        return system_.graph.apply(op, operands);
    }

    static constexpr std::uint32_t first_ = 1u << 24;
    OdeSystem system_;
    std::uint32_t n_, p_ = 0;
    std::map<std::uint32_t, std::uint32_t> coordinate_;  // by input
    std::vector<double> inputs_;
    std::map<NodeId, NodeId> opened_, closed_;
};

}  // namespace

Sensitivities::Sensitivities(const FitProblem& problem) : problem_(&problem) {
    for (const auto& coordinate : problem.space().coordinates)
        if (coordinate.kind == Coordinate::Kind::whole)
            throw Error(Fault::input, "'" + coordinate.name +
                                          "' is whole, and gradients know no whole numbers; use genetic()");
    if (problem.ensemble()) {
        slopes_ = std::make_shared<const FitSlopes>(problem);
        return;
    }
    std::map<std::vector<bool>, std::shared_ptr<const CompiledModel>> made;
    for (std::size_t c = 0; c < problem.conditions(); ++c) {
        std::vector<bool> free;
        for (std::size_t k = 0; k < problem.space().size(); ++k) free.push_back(problem.is_free(c, k));
        auto& code = made[free];
        if (!code) code = Builder(problem, c).build(problem.code().outputs());
        codes_.push_back(code);
    }
}

Sensitivities::Residuals Sensitivities::evaluate(std::span<const double> z, double limit) const {
    if (slopes_) return evaluate_by_cvodes(z, limit);
    const FitProblem& problem = *problem_;
    const auto& solver = problem.options().solver;
    std::vector<DormandPrince> runs;
    for (std::size_t c = 0; c < codes_.size(); ++c) {
        runs.emplace_back(*codes_[c], solver.control);
        runs.back().start(problem.inputs(c, z), problem.options().start);
    }
    Residuals result;
    std::vector<double> outputs(codes_[0]->output_count());
    const auto& times = problem.data().times;
    for (std::size_t j = 0; j < times.size() && !result.failed && result.squares <= limit; ++j) {
        for (std::size_t c = 0; c < runs.size() && !result.failed; ++c) {
            const double time = times[j];
            result.failed = time != runs[c].time() &&
                            !(solver.restart ? runs[c].restart_to(time) : runs[c].pass(time, times.back()));
            if (result.failed) break;
            codes_[c]->code().outputs(&time, runs[c].state().data(), runs[c].parameters().data(),
                                      outputs.data());
            add(c, j, outputs, z, result);
        }
        result.finished = j + 1 == times.size() && !result.failed;
    }
    for (const auto& run : runs) result.calls += run.calls() * static_cast<long>(1 + problem.space().size());
    return result;
}

Sensitivities::Residuals Sensitivities::evaluate_by_cvodes(std::span<const double> z, double limit) const {
    Residuals result;
    Integrator integrator = slopes_->integrator();
    for (std::size_t c = 0; c < problem_->conditions(); ++c) {
        const Residuals before = result;
        FitSlopes::Watch watch;
        watch.begin = [&] { result = before; };
        watch.read = [&](std::size_t j, std::span<const double> outputs) {
            add(c, j, outputs, z, result);
            return result.failed || result.squares > limit;
        };
        const Outcome outcome = slopes_->run(integrator, c, z, watch);
        result.calls += static_cast<long>(outcome.rhs_calls);
        result.failed |= outcome.kind == Outcome::Kind::failed;
        if (result.failed || result.squares > limit) return result;
    }
    result.finished = true;
    return result;
}

void Sensitivities::add(std::size_t c, std::size_t j, std::span<const double> outputs,
                        std::span<const double> z, Residuals& result) const {
    const std::size_t K = problem_->observables(), P = problem_->space().size();
    for (std::size_t k = 0; k < K; ++k) {
        const std::size_t place = (c * problem_->times() + j) * K + k;
        const double measured = problem_->data().values[place];
        if (std::isnan(measured)) continue;
        const double share = std::sqrt(problem_->weight(place)) / problem_->scale(place);
        const double residual = (outputs[k] - measured) * share;
        if (!std::isfinite(residual)) result.failed = true;
        result.values.push_back(residual);
        result.squares += residual * residual;
        for (std::size_t i = 0; i < P; ++i) {
            const Coordinate& coordinate = problem_->space().coordinates[i];
            const double chain = coordinate.kind == Coordinate::Kind::log ? coordinate.value(z[i]) : 1;
            result.slopes.push_back(outputs[K * (i + 1) + k] * share * chain);
            if (!std::isfinite(result.slopes.back())) result.failed = true;
        }
    }
}

}  // namespace rondo
