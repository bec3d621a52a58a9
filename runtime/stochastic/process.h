// process.h: a model as a jump process: reactions that fire one at a time and change amounts by whole
// numbers, with their rates as native code.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "runtime/simulate/model.h"

namespace rondo {

struct AmountChange {
    std::uint32_t state;
    double by;
};

// A mode that time alone may change: where `distance`, a linear function of time while the amounts and the
// other modes stay, passes zero, or a whole number.
struct TimedMode {
    std::uint32_t mode;
    enum class At : std::uint8_t { zero, whole } at;
    bool by_sign;  // the mode of == and !=
};

// Immutable, shared between threads. Reactions that change no amount are left out.
//
// Throws Error(unsupported) naming what no exact method here covers: rate rules, algebraic rules, fast
// reactions, compartments or stoichiometries that vary, delay(), rateOf(), rates that change in time other
// than in jumps, and jumps whose times do not follow from a linear equation.
class JumpProcess {
  public:
    // `outputs`: quantities to read (see Model::compiled).
    JumpProcess(const Model&, std::span<const std::string> outputs);

    const CompiledModel& code() const { return *code_; }
    const OdeSystem& system() const { return code_->system(); }
    std::size_t size() const { return reactions_.size(); }  // reactions
    const std::string& reaction(std::size_t i) const { return reactions_[i]; }
    // Computes the rate of reaction i, in substance per time.
    ValueCode rate(std::size_t i) const { return code_->apart()[i]; }

    // [reactions] what each does when it fires, with the stoichiometries that p gives. Throws Error(input) if
    // one is not a whole number.
    std::vector<std::vector<AmountChange>> changes(double t, std::span<const double> p) const;

    // Reactions whose rates the firing of i may change, ascending.
    const std::vector<std::uint32_t>& affected(std::size_t i) const { return affected_[i]; }
    // Whether the firing of i may trigger an event, or move a time at which modes change.
    bool disturbs(std::size_t i) const { return disturbs_[i]; }

    const std::vector<TimedMode>& timed() const { return timed_; }
    ValueCode distance(std::size_t timed) const { return code_->apart()[size() + 2 * timed]; }
    ValueCode slope(std::size_t timed) const { return code_->apart()[size() + 2 * timed + 1]; }

  private:
    struct Effect {
        std::size_t reaction;
        std::uint32_t state;
        NodeId by;
    };
    // A value that must be constant between firings and jumps; `name` is what messages call it.
    struct Watched {
        std::string name;
        NodeId node;
    };
    std::vector<Watched> find_rates(const Network&, OdeSystem&);
    void find_timed_modes(OdeSystem&, std::span<const Watched>, CompileOptions&);
    void find_dependencies(const OdeSystem&, std::span<const Watched> rates,
                           std::span<const NodeId> triggers);

    std::shared_ptr<const CompiledModel> code_;
    std::vector<std::string> reactions_;
    std::vector<Effect> effects_;
    std::vector<std::vector<std::uint32_t>> affected_;
    std::vector<bool> disturbs_;
    std::vector<TimedMode> timed_;
};

}  // namespace rondo
