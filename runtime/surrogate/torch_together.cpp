#include "runtime/surrogate/torch_together.h"

#include <vector>

#include "runtime/surrogate/torch_steps.h"

namespace rondo::plugin {

namespace {

// The layers of equal networks, each tensor with an axis more. The networks' own become views of them: what
// is learned here is learned there.
struct Stack {
    explicit Stack(std::vector<Network>& networks) {
        for (std::size_t l = 0; l < networks.front().layers().size(); ++l) {
            TorchLayer joint = networks.front().layers()[l];
            for (at::Tensor TorchLayer::*part :
                 {&TorchLayer::weight, &TorchLayer::bias, &TorchLayer::mean, &TorchLayer::variance,
                  &TorchLayer::scale, &TorchLayer::shift}) {
                if (!(joint.*part).defined()) continue;
                std::vector<at::Tensor> own;
                for (Network& network : networks) own.push_back(network.layers()[l].*part);
                joint.*part = at::stack(own);
                for (std::size_t m = 0; m < networks.size(); ++m)
                    networks[m].layers()[l].*part = (joint.*part).select(0, static_cast<std::int64_t>(m));
            }
            layers.push_back(std::move(joint));
        }
    }

    std::vector<at::Tensor> parameters() const {  // in the order of Memory
        std::vector<at::Tensor> all;
        for (const TorchLayer& layer : layers) {
            all.insert(all.end(), {layer.weight, layer.bias});
            if (layer.batch_norm) all.insert(all.end(), {layer.scale, layer.shift});
        }
        return all;
    }

    // x: [members][rows][inputs]; masks: the members'. As Network::train of each.
    at::Tensor train(at::Tensor x, double dropout, std::vector<Random>& masks) const {
        for (const TorchLayer& layer : layers) {
            x = at::baddbmm(layer.bias.unsqueeze(1), x, layer.weight.transpose(1, 2));
            if (layer.batch_norm) x = normalised(layer, x, dropout, masks);
            if (layer.activation == Activation::relu) x = at::relu(x);
            if (layer.activation == Activation::tanh) x = at::tanh(x);
        }
        return x;
    }

    std::vector<TorchLayer> layers;

  private:
    static at::Tensor normalised(const TorchLayer& layer, at::Tensor x, double dropout,
                                 std::vector<Random>& masks) {
        if (dropout > 0) {
            std::vector<at::Tensor> all;
            for (std::size_t m = 0; m < masks.size(); ++m)
                all.push_back(dropout_mask(x.select(0, static_cast<std::int64_t>(m)), dropout, masks[m]));
            x = x * at::stack(all);
        }
        // The columns of all members side by side are columns like any others.
        const std::int64_t members = x.size(0), rows = x.size(1), width = x.size(2);
        const auto flat = [](const at::Tensor& each) { return each.view({-1}); };
        x = x.transpose(0, 1).reshape({rows, members * width});
        x = at::batch_norm(x, flat(layer.scale), flat(layer.shift), flat(layer.mean), flat(layer.variance),
                           true, norm_momentum, norm_epsilon, false);
        return x.view({rows, members, width}).transpose(0, 1);
    }
};

class Together {
  public:
    explicit Together(std::vector<Training*> members)
        : members_(std::move(members)),
          first_(*members_.front()),
          networks_(networks_of(members_)),
          stack_(networks_),
          parameters_(differentiable(stack_.parameters())) {
        std::vector<at::Tensor> inputs, targets;
        for (std::size_t m = 0; m < members_.size(); ++m) {
            const Data data(members_[m]->train, first_);
            inputs.push_back(data.inputs);
            targets.push_back(data.targets);
            held_out_.emplace_back(*members_[m]);
            adams_.emplace_back(networks_[m].parameters(), *members_[m]);
            adams_[m].load(memory_to_start(*members_[m]));
        }
        inputs_ = at::stack(inputs);
        targets_ = at::stack(targets);
    }

    // Up to the last epoch, or the first at which one of them is over or asks to give up: false.
    bool run() {
        for (int e = first_.epochs_done; e < first_.epochs; ++e) {
            const std::vector<double> losses = pass(e);
            unsigned all = 0;
            const Training* asks = nullptr;
            for (std::size_t m = 0; m < members_.size(); ++m) {
                const unsigned answer = hear(m, e, losses[m]);
                if (answer & checkpoint && !asks) asks = members_[m];
                all |= answer;
            }
            const bool ends = all & stop || e + 1 == first_.epochs;
            if (asks || ends) leave_behind(e + 1);
            if (asks) asks->on_checkpoint(asks->user);
            if (all & give_up) return false;
            if (all & stop) return !(all & checkpoint);  // an interruption asks for both
        }
        return true;
    }

  private:
    static std::vector<Network> networks_of(const std::vector<Training*>& members) {
        std::vector<Network> networks;
        for (const Training* each : members) networks.push_back(network_to_start(*each));
        return networks;
    }

    // One pass over the rows; the mean of the losses met, of each.
    std::vector<double> pass(int e) {
        const auto members = static_cast<std::int64_t>(members_.size());
        const std::int64_t count = inputs_.size(1), batches = first_.batches;
        std::vector<Random> masks;
        std::vector<at::Tensor> orders;  // rows of all members, one member's behind the other's
        for (const Training* each : members_) {
            const int number = each->first_epoch + e;
            masks.emplace_back(each->seed, "train.dropout", static_cast<std::uint64_t>(number));
            const auto before = static_cast<std::int64_t>(orders.size()) * count;
            if (batches > 1) orders.push_back(shuffled(count, each->seed, number) + before);
        }
        if (batches == 1) return learn(inputs_, targets_, e, masks);
        const at::Tensor order = at::stack(orders).to(inputs_.device());
        std::vector<double> sums(members_.size());
        for (std::int64_t i = 0; i < batches; ++i) {
            const std::int64_t begin = i * count / batches, end = (i + 1) * count / batches;
            const at::Tensor rows = order.slice(1, begin, end).reshape({-1});
            const auto of_each = [&](const at::Tensor& all) {
                return all.flatten(0, 1).index_select(0, rows).view({members, end - begin, -1});
            };
            const auto losses = learn(of_each(inputs_), of_each(targets_), e, masks);
            for (std::size_t m = 0; m < sums.size(); ++m)
                sums[m] += static_cast<double>(end - begin) * losses[m] / static_cast<double>(count);
        }
        return sums;
    }

    // Each member's gradient is that of its own loss: the others' do not depend on its weights.
    std::vector<double> learn(const at::Tensor& inputs, const at::Tensor& targets, int e,
                              std::vector<Random>& masks) {
        const at::Tensor given = stack_.train(inputs, first_.dropout, masks);
        const at::Tensor losses =
            loss_of(first_.loss, given, targets, at::Reduction::None).mean(at::IntArrayRef{1, 2});
        const std::vector<at::Tensor> gradients = gradients_of(losses.sum(), parameters_);
        for (std::size_t m = 0; m < members_.size(); ++m) {
            std::vector<at::Tensor> own;
            for (const at::Tensor& each : gradients)
                own.push_back(each.select(0, static_cast<std::int64_t>(m)));
            adams_[m].step(own, members_[m]->learning_rate[e]);
        }
        std::vector<double> values(members_.size());
        copy_back(losses, values.data());
        return values;
    }

    unsigned hear(std::size_t m, int e, double loss) {
        Training& training = *members_[m];
        const Epoch epoch{training.first_epoch + e, loss, held_out_[m].losses(networks_[m]), nullptr};
        const unsigned answer = training.on_epoch(training.user, &epoch);
        training.over = answer & stop && !(answer & checkpoint);
        if (answer & keep || (training.over && !training.kept)) {
            networks_[m].store(training.layers);
            adams_[m].store(training.memory);
            training.kept = 1;
        }
        return answer;
    }

    void leave_behind(int epochs_done) {
        for (std::size_t m = 0; m < members_.size(); ++m) {
            networks_[m].store(members_[m]->now);
            adams_[m].store(members_[m]->now_memory);
            members_[m]->epochs_done = epochs_done;
        }
    }

    std::vector<Training*> members_;
    const Training& first_;
    at::Tensor inputs_, targets_;  // [members][rows][inputs or outputs]
    std::vector<HeldOut> held_out_;
    std::vector<Network> networks_;  // views into the stack
    Stack stack_;
    std::vector<at::Tensor> parameters_;  // of the stack
    std::vector<Adam> adams_;
};

}  // namespace

// Whoever is over leaves the stack, and the others begin a new one: none computes for nothing.
void train_together(std::span<Training* const> trainings) {
    for (bool goes_on = true; goes_on;) {
        std::vector<Training*> left;
        for (Training* each : trainings)
            if (!each->over && each->epochs_done < each->epochs) left.push_back(each);
        goes_on = !left.empty() && Together(std::move(left)).run();
    }
}

}  // namespace rondo::plugin
