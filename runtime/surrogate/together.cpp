// together.cpp: several trainings as one batched network.
#include <deque>

#include "dsl/syntax/error.h"
#include "runtime/surrogate/course.h"
#include "runtime/surrogate/replicates.h"
#include "runtime/table/bytes.h"
#include "runtime/table/packed.h"

namespace rondo {

namespace {

// Where all of them are: each one's checkpoint, and whether it is over.
struct Group {
    std::vector<std::string> member;
    std::vector<double> over;
};

std::string to_bytes(const Group& group) {
    Table row;
    pack(row, "member", group.member);
    pack(row, "over", group.over);
    return to_bytes(row);
}

Group group_from(const std::string& bytes) {
    const Table row = table_from_bytes(bytes);
    return {unpacked_texts(row, "member"), unpacked_numbers(row, "over")};
}

}  // namespace

std::optional<std::string> apart(const TrainOptions& options) {
    if (options.resample) return "a sampler";
    if (options.equation) return "an equation";
    if (options.schedule == Schedule::plateau) return "a plateau";
    return {};
}

std::vector<Surrogate> train_together(const Lesson& lesson, const std::vector<Member>& members,
                                      const Executor& executor, const TrainKeeper& keeper) {
    if (const auto why = apart(lesson.options))
        throw Error(Fault::input, "trainings with " + *why + " cannot be one network");
    const std::size_t rows = data_of(lesson, members.front()).rows();
    for (const Member& each : members)
        if (const std::size_t other = data_of(lesson, each).rows(); other != rows)
            throw Error(Fault::input, "trainings of " + std::to_string(rows) + " and of " +
                                          std::to_string(other) + " rows cannot be one network");
    executor.throw_if_stopping();
    const auto bytes = keeper.find ? keeper.find() : std::nullopt;
    const Group found = bytes ? group_from(*bytes) : Group();
    const Executor quiet = executor.quiet();  // the first shows its epochs
    std::vector<TrainOptions> options;
    for (const Member& each : members) options.push_back(options_of(lesson, each));
    std::deque<Course> courses;
    std::vector<plugin::Training*> trainings;
    for (std::size_t i = 0; i < members.size(); ++i) {
        courses.emplace_back(data_of(lesson, members[i]), validation_of(lesson, members[i]), lesson.box,
                             lesson.targets, lesson.mlp, options[i], i == 0 ? executor : quiet,
                             bytes ? std::optional(found.member[i]) : std::nullopt);
        trainings.push_back(&courses[i].training());
        trainings[i]->over = bytes && found.over[i] != 0;
    }
    for (Course& course : courses) {
        course.watcher().seconds = keeper.seconds;
        if (!keeper.keep) continue;
        course.watcher().keep = [&] {
            Group group;
            for (Course& each : courses) {
                group.member.push_back(each.checkpoint());
                group.over.push_back(each.training().over);
            }
            keeper.keep(to_bytes(group));
        };
    }
    const auto& run = courses.front().plugin();
    const int failed = run.train_together(trainings.data(), static_cast<int>(trainings.size()));
    std::vector<Surrogate> learned;
    for (Course& course : courses) course.watcher().rethrow();
    for (std::size_t i = 0; i < courses.size(); ++i) {
        Course& course = courses[i];
        const bool goes_on = !failed && !trainings[i]->over;
        learned.push_back(course.end(goes_on ? run.train(trainings[i]) : failed, keeper));
    }
    return learned;
}

}  // namespace rondo
