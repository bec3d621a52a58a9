#include "runtime/api/helper.h"

#include <map>
#include <memory>

#include "runtime/estimate/least_squares.h"
#include "runtime/estimate/polish.h"
#include "runtime/label/label_points.h"
#include "runtime/simulate/simulate.h"
#include "runtime/stochastic/stochastic.h"
#include "runtime/surrogate/replicates.h"
#include "runtime/table/bytes.h"
#include "runtime/table/packed.h"

namespace rondo {

namespace {

using Work = std::function<Table(const Table& items, const Executor&)>;

Work label_part(const Table& setup) {
    const auto labeller = std::make_shared<const PointLabeller>(PointLabeller::from_setup(setup));
    return [labeller](const Table& points, const Executor& executor) {
        return labeller->label_part(points, executor);
    };
}

Work work_for(const Table& setup) {
    const std::map<std::string, Work (*)(const Table&)> tasks{
        {"simulate", simulate_part}, {"label", label_part},    {"train", train_part},
        {"evaluate", evaluate_part}, {"polish", polish_part},  {"descend", descend_part},
        {"jump", jump_part},         {"moments", moments_part}};
    return tasks.at(unpacked_text(setup, "task"))(setup);
}

}  // namespace

Prepare helper_tasks() {
    return [](std::string_view setup) -> Handler {
        return [work = work_for(table_from_bytes(setup))](std::string_view items, const Executor& executor) {
            return to_bytes(work(table_from_bytes(items), executor));
        };
    };
}

}  // namespace rondo
