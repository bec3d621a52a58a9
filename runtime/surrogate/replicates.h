// replicates.h: trainings of one kind side by side: on threads, and in other processes.
#pragma once
#include "runtime/surrogate/train.h"

namespace rondo {

// What they share; the arguments of train(), but what a Member says.
struct Lesson {
    Table data, validation;
    Box box;
    std::vector<std::string> targets;
    Mlp mlp;
    TrainOptions options;
};

// What sets one of them apart. The pointers outlive it.
struct Member {
    std::uint64_t seed = 0;
    const Table* data = nullptr;        // rows of its own, in place of the lesson's
    const Table* validation = nullptr;  // the same
    const Surrogate* from = nullptr;    // where it goes on from, in place of the options'
};

// The arguments of train() for one of them.
inline const Table& data_of(const Lesson& lesson, const Member& member) {
    return member.data ? *member.data : lesson.data;
}
inline const Table& validation_of(const Lesson& lesson, const Member& member) {
    return member.validation ? *member.validation : lesson.validation;
}
TrainOptions options_of(const Lesson&, const Member&);

// What happens with one of them as it goes: see train(); `done` is called when it is trained, from any
// thread.
struct Replicate {
    Member member;
    TrainKeeper keeper;
    std::function<void(Surrogate)> done;
};

// Each as train() makes it, to the byte. With a resampler one after the other; with one or with an equation
// without the helpers of executor.crew(). Throws as train().
void train_replicates(const Lesson&, const std::vector<Replicate>&, const Executor&);

// All of them as one batched network on one thread, in order. Faster where steps are small (mini-batches,
// narrow layers) or the device is wide; the sums of a layer are then taken in another order than train()
// takes them, so that results differ from its by rounding. `finish` is run by each alone. One checkpoint
// holds all. Throws as train(); Error(input) where apart() has a reason, or members have unequally many rows.
std::vector<Surrogate> train_together(const Lesson&, const std::vector<Member>&, const Executor&,
                                      const TrainKeeper& keeper = {});

// What keeps them from it: "a sampler"; nothing if nothing does.
std::optional<std::string> apart(const TrainOptions&);

// What a helper makes of a setup: trains a table of members.
std::function<Table(const Table& members, const Executor&)> train_part(const Table& setup);

}  // namespace rondo
