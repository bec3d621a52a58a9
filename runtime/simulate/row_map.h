// row_map.h: long work on the rows of a table of points. Results are kept as they come, so that what was
// killed goes on where it stopped, and other processes help.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/parallel/executor.h"
#include "runtime/table/table.h"

namespace rondo {

// Where results of a block of points may already be, and where they go when they are made. Both functions
// may be empty. Results are a table with one row a point; those of a part of a block have a column `row`
// (counted from 0 in the block) too.
struct RowKeeper {
    struct Block {
        const Table& points;
        Table results;
        bool whole;
    };
    std::function<std::optional<Table>(const Table& points)> find;  // of exactly these points
    std::function<void(std::span<const Block> blocks)> keep;        // called by one thread at a time
    // Told at the end: how many rows were found and how many were made, of how many right-hand sides, and how
    // the runs are made.
    struct Account {
        std::size_t found = 0, made = 0;
        std::uint64_t rhs_calls = 0;
        std::string method;
    };
    std::function<void(const Account&)> account;
};

struct RowMap {
    using Rows = std::span<const std::size_t>;
    std::string what;     // "labelling", as a progress line says it
    const Table& points;  // the columns that results depend on
    std::size_t block;    // rows kept under one name
    // Results of rows that are done, and the inverse: results of a store or of another process.
    std::function<Table(Rows rows)> give;
    std::function<void(Rows rows, const Table& results)> take;
    // Works off the rows that come, until there are no more; one call a worker.
    std::function<void(Feed& rows, const std::function<void(std::size_t row)>& done)> serve;
    std::string setup;  // for other processes, see Parcels; they get points and answer results
};

// A RowMap::serve that has one row in hand at a time. `make` is called from several threads.
std::function<void(Feed&, const std::function<void(std::size_t)>&)> one_by_one(
    std::function<void(std::size_t row)> make);

template <class Result>
std::vector<Result> chosen(const std::vector<Result>& all, RowMap::Rows rows) {
    std::vector<Result> result;
    for (const std::size_t row : rows) result.push_back(all[row]);
    return result;
}

// What is not kept yet is written down at the latest after so many rows and seconds: less than one batch of
// a worker is lost to a kill.
inline constexpr std::size_t kept_rows = 900;
inline constexpr double kept_seconds = 1;

// Throws as Executor::feed does; what was done by then is kept.
RowKeeper::Account run_rows(const RowMap& map, const Executor& executor, const RowKeeper& keeper);

}  // namespace rondo
