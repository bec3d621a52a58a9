// store_command.cpp: `rondo store`: what is kept, and for how long.
#include <charconv>
#include <cmath>
#include <ctime>
#include <iostream>

#include "dsl/syntax/error.h"
#include "runtime/store/store.h"
#include "runtime/store/upkeep.h"
#include "runtime/study/value.h"
#include "runtime/table/bytes.h"
#include "runtime/table/csv.h"
#include "runtime/table/file.h"
#include "tools/rondo/commands.h"

namespace rondo {

namespace {

struct StoreArguments {
    std::string store = ".rondo/store.db", identity, file, bound;
};

constexpr std::size_t short_identity = 12;  // digits

std::string time_text(std::int64_t seconds) {
    if (seconds == 0) return "unknown time    ";
    const std::time_t time = seconds;
    std::tm local{};
    localtime_r(&time, &local);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local);
    return text;
}

std::string size_text(std::uint64_t bytes) {
    constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
    double size = double(bytes);
    std::size_t unit = 0;
    while (size >= 1000 && unit + 1 < std::size(units)) size /= 1000, ++unit;
    char text[32];
    std::snprintf(text, sizeof text, unit && size < 10 ? "%.1f %s" : "%.0f %s", size, units[unit]);
    return text;
}

// "500MB", "20 GB", "0": bytes.
std::uint64_t size_of(const std::string& text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string unit(end, text.data() + text.size());
    unit.erase(0, unit.find_first_not_of(' '));
    double factor = 0;
    const std::pair<const char*, double> units[] = {{"", 1},     {"B", 1},    {"kB", 1e3}, {"KB", 1e3},
                                                    {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}};
    for (const auto& [name, bytes] : units)
        if (unit == name) factor = bytes;
    if (error != std::errc() || factor == 0 || !(number >= 0) || number * factor > 1e18)
        throw Error(Fault::usage, "'" + text + "' is no size; write e.g. 500MB or 20GB");
    return std::uint64_t(number * factor);
}

std::string line(const StoredResult& result) {
    const std::string size = size_text(result.size);
    return result.identity.substr(0, short_identity) + "  " + result.verb +
           std::string(result.verb.size() < 12 ? 12 - result.verb.size() : 1, ' ') +
           std::string(size.size() < 7 ? 7 - size.size() : 0, ' ') + size + "  made " +
           time_text(result.made) + "  used " + time_text(result.used);
}

int run_list(const StoreArguments& a) {
    std::uint64_t total = 0;
    const auto results = list_store(a.store);
    for (const auto& result : results) {
        std::cout << line(result) << '\n';
        total += result.size;
    }
    std::cout << results.size() << (results.size() == 1 ? " result, " : " results, ") << size_text(total)
              << '\n';
    return 0;
}

int run_show(const StoreArguments& a) {
    const StoredResult result = find_stored(a.store, a.identity);
    const std::string bytes = stored_bytes(a.store, result.identity);
    std::cout << "identity: " << result.identity << "\nverb: " << result.verb
              << "\nsize: " << size_text(result.size) << "\nmade: " << time_text(result.made)
              << "\nused: " << time_text(result.used) << '\n';
    if (is_table(bytes)) std::cout << to_text(Value(table_from_bytes(bytes))) << '\n';
    return 0;
}

int run_export(const StoreArguments& a) {
    const StoredResult result = find_stored(a.store, a.identity);
    const std::string bytes = stored_bytes(a.store, result.identity);
    is_table(bytes) ? deliver(a.file, table_from_bytes(bytes)) : deliver(a.file, bytes);
    return 0;
}

int run_verify(const StoreArguments& a) {
    const auto wrong = verify_store(a.store);
    for (const auto& text : wrong) std::cerr << a.store << ": " << text << '\n';
    if (wrong.empty())
        std::cout << a.store << ": all " << list_store(a.store).size() << " results are whole\n";
    return wrong.empty() ? 0 : static_cast<int>(Fault::input);
}

int run_prune(const StoreArguments& a) {
    const Pruned pruned = prune_store(a.store, size_of(a.bound));
    std::cout << pruned.results << " results removed, " << size_text(pruned.bytes) << "; "
              << size_text(pruned.left) << " left\n";
    return 0;
}

}  // namespace

void add_store(CLI::App& app, Program&, Chosen& chosen) {
    auto* command =
        app.add_subcommand("store", "results kept from studies: list, show, export, verify, prune");
    command->require_subcommand(1);
    auto a = std::make_shared<StoreArguments>();
    const auto add = [&](const char* name, const char* help, int (*run)(const StoreArguments&)) {
        auto* sub = command->add_subcommand(name, help);
        sub->add_option("--store", a->store, "file of stored results; default: .rondo/store.db");
        sub->callback([&chosen, a, run] { chosen = [a, run] { return run(*a); }; });
        return sub;
    };
    add("list", "all results, most recently used first", run_list);
    auto* show = add("show", "one result", run_show);
    auto* taken = add("export", "one result to a file: a table as CSV, anything else as it is", run_export);
    for (auto* one : {show, taken})
        one->add_option("IDENTITY", a->identity, "as list shows it, or its first digits")->required();
    taken->add_option("FILE", a->file, "default: standard output");
    add("verify", "checks the file and the checksum of every result; exit status 1 if any is damaged",
        run_verify);
    add("prune", "removes results, least recently used first; not those of studies at work", run_prune)
        ->add_option("--to", a->bound, "the size to come down to, e.g. 500MB; 0: everything")
        ->required();
}

}  // namespace rondo
