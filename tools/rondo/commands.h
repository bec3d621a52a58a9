// commands.h: the subcommands of `rondo`. Each adds itself to the command line and, when chosen, says what to
// run.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/parallel/executor.h"
#include "runtime/store/store.h"
#include "runtime/table/table_file.h"

namespace rondo {

// What the whole program shares: Ctrl-C, and whether to be quiet.
struct Program {
    StopFlag* stop;
    bool quiet = false;
    std::unique_ptr<Progress> bar = {};
    // A progress line where standard error is a terminal, unless quiet; else null.
    Progress* progress();
    void warn(const std::string& text) const;  // to standard error, unless quiet

    // Started as one of several ranks: the others help rank 0, until it is done. True for a helper, which
    // then has nothing more to do.
    bool helped(int jobs);
    std::unique_ptr<Line> line = {};
    std::unique_ptr<Crew> crew = {};  // of rank 0; null where it is alone
};

using Chosen = std::function<int()>;  // gives the exit status

void add_run(CLI::App&, Program&, Chosen&);
void add_check(CLI::App&, Program&, Chosen&);
void add_info(CLI::App&, Program&, Chosen&);
void add_convert(CLI::App&, Program&, Chosen&);
void add_format(CLI::App&, Program&, Chosen&);
void add_simulate(CLI::App&, Program&, Chosen&);
void add_steady(CLI::App&, Program&, Chosen&);
void add_period(CLI::App&, Program&, Chosen&);
void add_label(CLI::App&, Program&, Chosen&);
void add_predict(CLI::App&, Program&, Chosen&);
void add_sbml_test(CLI::App&, Program&, Chosen&);
void add_store(CLI::App&, Program&, Chosen&);
void add_explain(CLI::App&, Program&, Chosen&);
void add_submit(CLI::App&, Program&, Chosen&);

constexpr const char* strict_help = "what Antimony itself does not have is an error";

// "NAME=VALUE" as a pair; throws Error(usage) otherwise.
std::pair<std::string, std::string> split_setting(const std::string& text);
// "NAME=NUMBER", each; throws Error(usage) otherwise.
std::vector<std::pair<std::string, double>> number_settings(const std::vector<std::string>& texts);

// Writes to `file`, or to standard output if it is empty.
void deliver(const std::string& file, const std::string& content);
void deliver(const std::string& file, const Table& table);  // CSV, or HDF5 by the name's ending

// A table part by part; a file is there once finish() was called. HDF5 carries the identity of the parts.
class Delivery {
  public:
    explicit Delivery(const std::string& file);
    void add(const Table& part);
    void finish();

  private:
    std::optional<TableWriter> writer_;
    Identity identity_;
    bool begun_ = false;
};

}  // namespace rondo
