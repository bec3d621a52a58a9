// model.h: a network ready to run: its equations, the values its inputs have, and its compiled code.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dsl/model/network.h"
#include "jit/compile.h"

namespace rondo {

using Setting = std::pair<std::string, double>;  // input id, value

// How much time goes into code. For one run of a large model, compiling takes far longer than running: quick
// code is made 3 to 12 times faster. Many runs want the better code; both give the same bits.
enum class Effort : std::uint8_t { quick, full };

// Equations, and quantities of theirs.
struct Selection {
    std::shared_ptr<const OdeSystem> system;
    std::vector<NodeId> outputs;
};

// Cheap to copy: network, equations and code are shared; only the input values are its own.
class Model {
  public:
    // `network` must have passed check(). Throws Error(unsupported) naming what has no equations yet.
    explicit Model(Network network);

    const Network& network() const { return shared_->network; }
    const OdeSystem& system() const { return *shared_->system; }
    // [system().inputs]; NaN where the model leaves the value to an initial assignment, or gives none.
    std::span<const double> inputs() const { return inputs_; }

    // The same model with other input values, before initial assignments act. Throws Error(input): a name
    // that is no input (with did-you-mean), the target of an assignment rule, a value that is not finite.
    Model with(std::span<const Setting> settings) const;

    // The quantities named (see Output). Throws Error(input) for an unknown name, with did-you-mean.
    std::vector<NodeId> output_nodes(std::span<const std::string> names) const;

    // Code whose outputs are the quantities named; compiled once for each list of names (quick code is not
    // made where there is better). Throws as output_nodes does. Safe to call from several threads.
    std::shared_ptr<const CompiledModel> compiled(std::span<const std::string> outputs,
                                                  Effort effort = Effort::full) const;

    // For many runs that differ in the inputs `varying` alone: exponents that none of them changes are
    // numbers. Throws as output_nodes does.
    Selection select_over(std::span<const std::string> outputs, std::span<const std::string> varying) const;

    // What `simulate` shows when nothing is selected: every species that can change (as its symbol reads),
    // then targets of rate and assignment rules, in declaration order.
    std::vector<std::string> default_outputs() const;

    // Throws Error(input) naming the inputs that have no value, where they were first seen, and how to give
    // one.
    void check_inputs(std::span<const double> inputs) const;

    // Antimony text of the network without display names: what results depend on, for Identity.
    std::string canonical() const;

  private:
    struct Shared {
        Network network;
        std::shared_ptr<const OdeSystem> system;
        std::mutex mutex;
        std::map<std::vector<std::string>, std::shared_ptr<const CompiledModel>> quick, full;
    };
    std::shared_ptr<Shared> shared_;
    std::vector<double> inputs_;
};

// Of Antimony text. Throws Error(input): diagnostics that call it `name`.
Model read_model(const std::string& antimony, const std::string& name);

}  // namespace rondo
