// main.cpp: the command line of `rondo`.
#include <atomic>
#include <charconv>
#include <cmath>
#include <csignal>
#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>

#include "dsl/syntax/error.h"
#include "runtime/api/versions.h"
#include "runtime/parallel/terminal.h"
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

Delivery::Delivery(const std::string& file) {
    if (!file.empty()) writer_.emplace(file);
}

void Delivery::add(const std::string& content) {
    if (writer_) return writer_->add(content);
    std::cout << content << std::flush;
    if (!std::cout) {
        throw Error(Fault::input,
                    "standard output could not be written; is the disk full, or the reader gone?");
    }
}

void Delivery::finish() {
    if (writer_) writer_->finish();
}

void deliver(const std::string& file, const std::string& content) {
    Delivery delivery(file);
    delivery.add(content);
    delivery.finish();
}

namespace {

StopFlag interrupted{false};

// The first Ctrl-C asks for a clean stop; another one, a second or more later, ends at once. (Some programs
// that start us pass one Ctrl-C on twice.)
void on_signal(int signal) {
    static std::atomic<std::time_t> first{0};
    const std::time_t now = std::time(nullptr);
    if (!interrupted.exchange(true)) first = now;
    if (now - first > 1) std::_Exit(128 + signal);
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
                           add_convert, add_format, add_predict, add_store, add_sbml_test}) {
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
    std::signal(SIGINT, rondo::on_signal);
    std::signal(SIGTERM, rondo::on_signal);
    std::signal(SIGPIPE, SIG_IGN);
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
