#include "runtime/api/helper.h"

#include <memory>

#include "runtime/label/label_points.h"
#include "runtime/simulate/simulate.h"
#include "runtime/simulate/travel.h"
#include "runtime/table/bytes.h"

namespace rondo {

Prepare helper_tasks() {
    return [](std::string_view setup) -> Handler {
        const Table row = table_from_bytes(setup);
        std::function<Table(const Table&, const Executor&)> work;
        if (unpacked_text(row, "task") == "label") {
            const auto labeller =
                std::shared_ptr<const PointLabeller>(new PointLabeller(PointLabeller::from_setup(row)));
            work = [labeller](const Table& points, const Executor& executor) {
                return labeller->label_part(points, executor);
            };
        } else {
            work = simulate_part(row);
        }
        return [work](std::string_view items, const Executor& executor) {
            return to_bytes(work(table_from_bytes(items), executor));
        };
    };
}

}  // namespace rondo
