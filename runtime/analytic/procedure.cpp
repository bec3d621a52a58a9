// procedure.cpp: the expressions of each stage as a native function; loops are run here, for a group of
// lanes.
#include "runtime/analytic/procedure.h"

#include <algorithm>
#include <limits>

namespace rondo {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t block_rows = 1024;  // handed to a worker at once

// Some nodes of the graph as one native function of the parameters.
class Stage {
  public:
    Stage(const std::shared_ptr<const OdeSystem>& system, std::vector<NodeId> nodes, int lanes)
        : rows_(nodes.size() * static_cast<std::size_t>(lanes)) {
        CompileOptions options;
        options.lanes = lanes;
        options.outputs = std::move(nodes);
        if (rows_ > 0) model_ = compile(system, options);
    }
    std::size_t size() const { return rows_; }
    void operator()(const double* p, double* out) const {
        constexpr double time[8] = {};
        if (model_) model_->code().outputs(time, nullptr, p, out);
    }

  private:
    std::size_t rows_;
    std::shared_ptr<const CompiledModel> model_;
};

struct CompiledLoop {
    const Procedure::Loop loop;
    Stage start, turn;  // turn: next, then the condition
    std::vector<CompiledLoop> inner;
};

std::vector<NodeId> turn_nodes(const Procedure::Loop& loop) {
    auto nodes = loop.next;
    if (loop.condition) nodes.push_back(*loop.condition);
    return nodes;
}

std::vector<CompiledLoop> compile_loops(const std::vector<Procedure::Loop>& loops,
                                        const std::shared_ptr<const OdeSystem>& system, int lanes) {
    std::vector<CompiledLoop> compiled;
    for (const auto& loop : loops) {
        compiled.push_back({loop, Stage(system, loop.start, lanes), Stage(system, turn_nodes(loop), lanes),
                            compile_loops(loop.inner, system, lanes)});
    }
    return compiled;
}

std::size_t largest_stage(const std::vector<CompiledLoop>& loops) {
    std::size_t size = 0;
    for (const auto& loop : loops)
        size = std::max({size, loop.start.size(), loop.turn.size(), largest_stage(loop.inner)});
    return size;
}

// One group of lanes at work.
class Group {
  public:
    Group(std::size_t lanes, std::size_t parameters, std::size_t scratch)
        : p(parameters * lanes), failed(lanes), lanes_(lanes), out_(scratch) {}

    std::vector<double> p;     // [parameters][lanes]
    std::vector<char> failed;  // [lanes]

    void run(const std::vector<CompiledLoop>& loops) {
        for (const CompiledLoop& loop : loops) run(loop);
    }

  private:
    void run(const CompiledLoop& compiled) {
        const Procedure::Loop& loop = compiled.loop;
        std::vector<char> active(lanes_, 1);
        compiled.start(p.data(), out_.data());
        update(loop, active);
        const double turns = loop.condition ? most_turns : loop.turns;
        for (double turn = 0; turn < turns; ++turn) {
            std::fill_n(row(loop.counter), lanes_, loop.first + turn);
            run(compiled.inner);
            compiled.turn(p.data(), out_.data());
            if (loop.condition && !go_on(active, out_.data() + loop.carried.size() * lanes_)) return;
            update(loop, active);
        }
        for (std::size_t lane = 0; lane < lanes_; ++lane) failed[lane] |= loop.condition && active[lane];
    }

    static bool go_on(std::vector<char>& active, const double* condition) {
        bool any = false;
        for (std::size_t lane = 0; lane < active.size(); ++lane) {
            active[lane] = active[lane] && condition[lane] != 0;
            any = any || active[lane];
        }
        return any;
    }

    void update(const Procedure::Loop& loop, const std::vector<char>& active) {
        for (std::size_t i = 0; i < loop.carried.size(); ++i) {
            for (std::size_t lane = 0; lane < lanes_; ++lane)
                if (active[lane]) row(loop.carried[i])[lane] = out_[i * lanes_ + lane];
        }
    }

    double* row(std::uint32_t parameter) { return p.data() + parameter * lanes_; }

    std::size_t lanes_;
    std::vector<double> out_;
};

std::shared_ptr<const OdeSystem> system_of(const Procedure& procedure) {
    auto system = std::make_shared<OdeSystem>();
    system->graph = procedure.graph;
    return system;
}

}  // namespace

struct CompiledProcedure::Code {
    Procedure procedure;
    std::size_t lanes;
    std::shared_ptr<const OdeSystem> system;
    std::vector<CompiledLoop> loops;
    Stage outputs;

    Code(Procedure given, int width)
        : procedure(std::move(given)),
          lanes(static_cast<std::size_t>(width)),
          system(system_of(procedure)),
          loops(compile_loops(procedure.loops, system, width)),
          outputs(system, procedure.outputs, width) {}

    // Rows [begin, end).
    void evaluate(std::span<const std::span<const double>> arguments, std::size_t begin, std::size_t end,
                  std::vector<std::vector<double>>& out) const {
        Group group(lanes, procedure.parameters, largest_stage(loops));
        std::vector<double> values(outputs.size());
        for (std::size_t row = begin; row < end; row += lanes) {
            std::ranges::fill(group.failed, 0);
            for (std::size_t i = 0; i < arguments.size(); ++i) {
                for (std::size_t lane = 0; lane < lanes; ++lane)  // the last row fills the last group
                    group.p[i * lanes + lane] = arguments[i][std::min(row + lane, end - 1)];
            }
            group.run(loops);
            outputs(group.p.data(), values.data());
            for (std::size_t i = 0; i < out.size(); ++i) {
                for (std::size_t lane = 0; lane < lanes && row + lane < end; ++lane)
                    out[i][row + lane] = group.failed[lane] ? nan : values[i * lanes + lane];
            }
        }
    }
};

CompiledProcedure::CompiledProcedure(Procedure procedure, int lanes)
    : code_(std::make_unique<const Code>(std::move(procedure), lanes)) {}
CompiledProcedure::~CompiledProcedure() = default;
CompiledProcedure::CompiledProcedure(CompiledProcedure&&) noexcept = default;

std::vector<std::vector<double>> CompiledProcedure::evaluate(
    std::span<const std::span<const double>> arguments, const Executor& executor) const {
    const std::size_t rows = arguments.empty() ? 0 : arguments[0].size();
    std::vector<std::vector<double>> out(code_->procedure.outputs.size(), std::vector<double>(rows));
    executor.quiet().map("oracle", (rows + block_rows - 1) / block_rows, [&](int, std::size_t block) {
        const std::size_t begin = block * block_rows;
        code_->evaluate(arguments, begin, std::min(begin + block_rows, rows), out);
    });
    return out;
}

namespace {

// Node by node, by the same rules.
struct Walk {
    const Procedure& procedure;
    std::vector<double> p;
    bool failed = false;

    std::vector<double> values(const std::vector<NodeId>& nodes) const {
        std::vector<double> out(nodes.size());
        rondo::evaluate(procedure.graph, nodes, 0, {}, p, out);
        return out;
    }

    void assign(const Procedure::Loop& loop, const std::vector<double>& now) {
        for (std::size_t i = 0; i < loop.carried.size(); ++i) p[loop.carried[i]] = now[i];
    }

    void run(const std::vector<Procedure::Loop>& loops) {
        for (const Procedure::Loop& loop : loops) run(loop);
    }

    void run(const Procedure::Loop& loop) {
        assign(loop, values(loop.start));
        const double turns = loop.condition ? most_turns : loop.turns;
        for (double turn = 0; turn < turns; ++turn) {
            p[loop.counter] = loop.first + turn;
            run(loop.inner);
            const auto now = values(turn_nodes(loop));
            if (loop.condition && now.back() == 0) return;
            assign(loop, now);
        }
        failed = failed || loop.condition.has_value();
    }
};

}  // namespace

std::vector<double> evaluate(const Procedure& procedure, std::span<const double> arguments) {
    Walk walk{procedure, {arguments.begin(), arguments.end()}};
    walk.p.resize(procedure.parameters);
    walk.run(procedure.loops);
    return walk.failed ? std::vector<double>(procedure.outputs.size(), nan) : walk.values(procedure.outputs);
}

}  // namespace rondo
