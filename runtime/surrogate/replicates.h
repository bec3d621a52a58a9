// replicates.h: trainings that differ in their seed alone, side by side: on threads, and in other processes.
#pragma once
#include "runtime/surrogate/train.h"

namespace rondo {

// What they share; the arguments of train(), options.seed apart.
struct Lesson {
    Table data, validation;
    Box box;
    std::vector<std::string> targets;
    Mlp mlp;
    TrainOptions options;
};

// What happens with one of them as it goes: see train(); `done` is called when it is trained, from any
// thread.
struct Replicate {
    std::uint64_t seed;
    TrainKeeper keeper;
    std::function<void(Surrogate)> done;
};

// Each as train() makes it, to the byte. With a resampler one after the other; with one or with an equation
// without the helpers of executor.crew(). Throws as train().
void train_replicates(const Lesson&, const std::vector<Replicate>&, const Executor&);

// All of them as one batched network on one thread, in order. Faster where steps are small (mini-batches,
// narrow layers) or the device is wide; the sums of a layer are then taken in another order than train()
// takes them, so that results differ from its by rounding. `finish` is run by each alone. One checkpoint
// holds all. Throws as train(); Error(input) where apart() has a reason.
std::vector<Surrogate> train_together(const Lesson&, const std::vector<std::uint64_t>& seeds, const Executor&,
                                      const TrainKeeper& keeper = {});

// What keeps them from it: "a sampler"; nothing if nothing does.
std::optional<std::string> apart(const TrainOptions&);

// What a helper makes of a setup: trains for a table of seeds.
std::function<Table(const Table& seeds, const Executor&)> train_part(const Table& setup);

}  // namespace rondo
