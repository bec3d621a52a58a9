// main.cpp: the command line of `rondo`.
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cmath>
#include <csignal>
#include <iostream>
#include <nlohmann/json.hpp>

#include "dsl/syntax/error.h"
#include "runtime/api/helper.h"
#include "runtime/api/versions.h"
#include "runtime/parallel/ranks.h"
#include "runtime/parallel/terminal.h"
#include "runtime/table/csv.h"
#include "runtime/table/file.h"
#include "tools/rondo/commands.h"

namespace rondo {

Progress* Program::progress() {
    if (!quiet && !bar) bar = terminal_progress();
    return bar.get();
}

void Program::warn(const std::string& text) const {
    if (!quiet) std::cerr << text << (text.ends_with('\n') ? "" : "\n");
}

bool Program::helped(int jobs) {
    const int cores = Executor(jobs).jobs();
    if (ranks_started() > 1) line = mpi_line();
    const bool first = !line || line->rank() == 0;
    if (const std::string idle = idle_cores(cores); first && !idle.empty()) warn(idle);
    if (!line) return false;
    if (!first) {
        help(*line, helper_tasks(), cores, *stop);
        return true;
    }
    if (line->size() > 1) crew = std::make_unique<Crew>(*line);
    return false;
}

std::pair<std::string, std::string> split_setting(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        throw Error(Fault::usage, "--set takes NAME=VALUE, not '" + text + "'");
    }
    return {text.substr(0, equals), text.substr(equals + 1)};
}

std::vector<std::pair<std::string, double>> number_settings(const std::vector<std::string>& texts) {
    std::vector<std::pair<std::string, double>> settings;
    for (const auto& text : texts) {
        const auto [name, digits] = split_setting(text);
        double value = 0;
        const char* last = digits.data() + digits.size();
        const auto [end, error] = std::from_chars(digits.data(), last, value);
        if (error != std::errc() || end != last || !std::isfinite(value)) {
            throw Error(Fault::usage, "--set " + text + ": '" + digits + "' is not a finite number");
        }
        settings.emplace_back(name, value);
    }
    return settings;
}

namespace {

void print(const std::string& content) {
    std::cout << content << std::flush;
    if (!std::cout) {
        throw Error(Fault::input,
                    "standard output could not be written; is the disk full, or the reader gone?");
    }
}

}  // namespace

Delivery::Delivery(const std::string& file) : identity_("table", 1) {
    if (!file.empty()) writer_.emplace(file);
}

void Delivery::add(const Table& part) {
    identity_.add(part);
    if (writer_)
        writer_->add(part);
    else
        print(begun_ ? csv_rows(part) : to_csv(part));
    begun_ = true;
}

void Delivery::finish() {
    if (writer_) writer_->finish(identity_.hex());
}

void deliver(const std::string& file, const Table& table) {
    Delivery delivery(file);
    delivery.add(table);
    delivery.finish();
}

void deliver(const std::string& file, const std::string& content) {
    file.empty() ? print(content) : write_file(file, content);
}

namespace {

StopFlag interrupted{false};

// What does not stop within a second, such as one long run, is ended at once: all that was stored is safe, as
// after any kill.
void on_alarm(int) {
    constexpr std::string_view text =
        "interrupted; what was stored is safe: run the same command again to go on\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
    std::_Exit(static_cast<int>(Fault::interrupted));
}

void on_signal(int) {
    if (interrupted.exchange(true)) return;
    const itimerval patience{{0, 0}, {0, 900'000}};
    setitimer(ITIMER_REAL, &patience, nullptr);
}

// Ctrl-C, what batch systems send before the end of an allocation, and a terminal that goes away, unless it
// was told not to matter (nohup).
void listen_to_signals() {
    for (const int signal : {SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU, SIGHUP}) {
        const auto was = std::signal(signal, on_signal);
        if (signal == SIGHUP && was == SIG_IGN) std::signal(signal, SIG_IGN);
    }
    std::signal(SIGALRM, on_alarm);
    std::signal(SIGPIPE, SIG_IGN);
}

int print_versions(bool json) {
    if (!json) {
        for (const auto& [name, version] : versions()) std::cout << name << ' ' << version << '\n';
        for (const auto& device : devices()) std::cout << "gpu " << device << '\n';
        return 0;
    }
    nlohmann::ordered_json document;
    for (const auto& [name, version] : versions()) document[name] = version;
    document["devices"] = devices();
    std::cout << document.dump(2) << '\n';
    return 0;
}

int run(int argc, char** argv) {
    CLI::App app{"Rondo: reaction networks, simulated, labelled and learnt", "rondo"};
    app.require_subcommand(0, 1);
    bool version = false, json = false;
    app.add_flag("--version", version, "versions of Rondo and its libraries, devices seen");
    app.add_flag("--json", json, "with --version: as JSON");
    Program program{&interrupted};
    Chosen chosen;
    for (const auto add : {add_run, add_check, add_info, add_simulate, add_steady, add_period, add_label,
                           add_convert, add_format, add_predict, add_store, add_explain, add_submit,
                           add_sbml_test}) {
        add(app, program, chosen);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error, std::cout, std::cerr) == 0 ? 0 : static_cast<int>(Fault::usage);
    }
    if (version) return print_versions(json);
    if (chosen) return chosen();
    std::cerr << app.help();
    return static_cast<int>(Fault::usage);
}

}  // namespace
}  // namespace rondo

int main(int argc, char** argv) {
    rondo::listen_to_signals();
    try {
        return rondo::run(argc, argv);
    } catch (const rondo::Error& error) {
        const std::string text = error.what();
        std::cerr << text << (text.ends_with('\n') ? "" : "\n");
        return static_cast<int>(error.fault());
    } catch (const std::bad_alloc&) {
        std::cerr << "rondo: out of memory; ask for fewer points or rows at a time\n";
        return static_cast<int>(rondo::Fault::numerics);
    }
}
