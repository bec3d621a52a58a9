#include "runtime/simulate/row_map.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <numeric>

#include "runtime/table/bytes.h"

namespace rondo {

namespace {

using Clock = std::chrono::steady_clock;

// The rows that are yet to be made, as a feed of their numbers.
class TodoFeed final : public Feed {
  public:
    TodoFeed(Feed& items, const std::vector<std::size_t>& todo) : items_(items), todo_(todo) {}
    std::optional<std::size_t> next() override {
        const auto item = items_.next();
        return item ? std::optional(todo_[*item]) : std::nullopt;
    }
    void done() override { items_.done(); }
    bool stopping() const override { return items_.stopping(); }

  private:
    Feed& items_;
    const std::vector<std::size_t>& todo_;
};

// Blocks of rows, and which of their rows are done.
class Blocks {
  public:
    Blocks(const RowMap& map, const RowKeeper& keeper) : map_(map), keeper_(keeper) {
        for (std::size_t begin = 0; begin < map.points.rows(); begin += map.block) {
            const std::size_t end = std::min(begin + map.block, map.points.rows());
            blocks_.push_back({begin, std::vector<bool>(end - begin), 0, 0, {}});
            find(blocks_.back());
        }
    }

    const std::vector<std::size_t>& todo() const { return todo_; }

    // From any thread.
    void done(std::size_t row) {
        const std::lock_guard lock(mutex_);
        Block& block = blocks_[row / map_.block];
        block.made[row - block.begin] = true;
        ++block.count;
        ++waiting_;
        if (!keeper_.keep || (waiting_ < kept_rows && Clock::now() < next_)) return;
        keep();
    }

    // What is done and not kept yet.
    void finish() {
        const std::lock_guard lock(mutex_);
        if (keeper_.keep && waiting_ > 0) keep();
    }

  private:
    struct Block {
        std::size_t begin;
        std::vector<bool> made;
        std::size_t count, kept;  // rows made; as many as that are kept
        Table points;             // while it is not whole
    };

    void find(Block& block) {
        const std::size_t rows = block.made.size();
        if (keeper_.find || keeper_.keep) block.points = map_.points.slice(block.begin, block.begin + rows);
        const auto found = keeper_.find ? keeper_.find(block.points) : std::nullopt;
        if (found) fill(block, *found);
        block.count = block.kept = static_cast<std::size_t>(std::ranges::count(block.made, true));
        if (block.count == rows) block.points = {};
        for (std::size_t row = 0; row < rows; ++row)
            if (!block.made[row]) todo_.push_back(block.begin + row);
    }

    void fill(Block& block, const Table& found) {
        std::vector<std::size_t> rows(found.rows());
        if (const Column* part = found.find("row")) {
            std::ranges::transform(part->numbers(), rows.begin(),
                                   [](double row) { return static_cast<std::size_t>(row); });
        } else {
            std::iota(rows.begin(), rows.end(), 0);
        }
        for (auto& row : rows) {
            block.made[row] = true;
            row += block.begin;
        }
        map_.take(rows, found);
    }

    void keep() {
        std::vector<RowKeeper::Block> kept;
        for (Block& block : blocks_)
            if (block.count > block.kept) kept.push_back(part(block));
        keeper_.keep(kept);
        for (Block& block : blocks_)
            if (block.count == block.made.size()) block.points = {};
        waiting_ = 0;
        next_ = Clock::now() + std::chrono::milliseconds(static_cast<int>(kept_seconds * 1000));
    }

    RowKeeper::Block part(Block& block) const {
        std::vector<std::size_t> rows;
        std::vector<double> numbers;
        for (std::size_t row = 0; row < block.made.size(); ++row) {
            if (!block.made[row]) continue;
            rows.push_back(block.begin + row);
            numbers.push_back(static_cast<double>(row));
        }
        const bool whole = rows.size() == block.made.size();
        Table results = map_.give(rows);
        if (!whole) results.set("row", std::move(numbers));
        block.kept = block.count;
        return {block.points, std::move(results), whole};
    }

    const RowMap& map_;
    const RowKeeper& keeper_;
    std::vector<std::size_t> todo_;
    std::mutex mutex_;  // of the three below
    std::vector<Block> blocks_;
    std::size_t waiting_ = 0;  // rows made since the last were kept
    Clock::time_point next_ = Clock::now() + std::chrono::milliseconds(static_cast<int>(kept_seconds * 1000));
};

Parcels parcels_of(const RowMap& map, Blocks& blocks) {
    const auto rows = [&](std::size_t first, std::size_t last) {
        return std::span(blocks.todo()).subspan(first, last - first);
    };
    Parcels parcels;
    parcels.setup = map.setup;
    parcels.pack = [&map, rows](std::size_t first, std::size_t last) {
        return to_bytes(map.points.select(rows(first, last)));
    };
    parcels.unpack = [&map, &blocks, rows](std::size_t first, std::size_t last, std::string_view answer) {
        map.take(rows(first, last), table_from_bytes(answer));
        for (const std::size_t row : rows(first, last)) blocks.done(row);
    };
    return parcels;
}

}  // namespace

std::function<void(Feed&, const std::function<void(std::size_t)>&)> one_by_one(
    std::function<void(std::size_t row)> make) {
    return [make = std::move(make)](Feed& rows, const std::function<void(std::size_t)>& done) {
        while (const auto row = rows.next()) {
            make(*row);
            done(*row);
            rows.done();
        }
    };
}

RowKeeper::Account run_rows(const RowMap& map, const Executor& executor, const RowKeeper& keeper) {
    Blocks blocks(map, keeper);
    RowKeeper::Account account;
    account.made = blocks.todo().size();
    account.found = map.points.rows() - account.made;
    const std::string what = account.found == 0 ? map.what
                                                : map.what + " (" + std::to_string(account.found) + " of " +
                                                      std::to_string(map.points.rows()) + " were stored)";
    const Parcels parcels = parcels_of(map, blocks);
    try {
        executor.feed(
            what, blocks.todo().size(),
            [&](int, Feed& items) {
                TodoFeed rows(items, blocks.todo());
                map.serve(rows, [&](std::size_t row) { blocks.done(row); });
            },
            map.setup.empty() ? nullptr : &parcels);
    } catch (...) {
        blocks.finish();
        throw;
    }
    blocks.finish();
    return account;
}

}  // namespace rondo
