// published_labels: the published rule against the published data sets (spec/oscillators.md, section 6).
//
//   published_labels [ROWS]        of each file; all of them if left out
//
// For *_train_lhs10k and *_val5k: the share of rows whose class is equal (bar 99.5 %) and, among rows that
// oscillate in both, whose frequencies are equal to 1e-9 (95 %) and whose periods are within one sample (99.5
// %).
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "runtime/label/published.h"
#include "runtime/table/csv.h"
#include "tests/support/oscillators.h"

using namespace rondo;
using namespace rondo::testing;

namespace {

void compare(const Oscillator& system, const std::string& file, std::size_t most) {
    const Table all = read_csv(file);
    const Table table = all.slice(0, std::min(most, all.rows()));
    const auto model = system.compile();
    const PublishedOptions options = *published_preset(system.name);
    const PublishedLabeller labeller({model->shared_system(), model->outputs()}, options);
    std::vector<std::vector<double>> inputs;
    for (std::size_t row = 0; row < table.rows(); ++row) inputs.push_back(system.inputs(*model, table, row));
    std::vector<Label> labels(inputs.size());
    const std::clock_t begin = std::clock();
    Executor(0).feed("labelling", inputs.size(), [&](int, Feed& feed) {
        labeller.serve(
            feed, [&](std::size_t run) { return std::span<const double>(inputs[run]); },
            [&](std::size_t run, const Label& label) { labels[run] = label; });
    });
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    std::size_t same_class = 0, both = 0, equal = 0, near = 0, failed = 0;
    for (std::size_t row = 0; row < labels.size(); ++row) {
        if (labels[row].rhythm == Rhythm::failed) {
            ++failed;
            continue;
        }
        bool oscillates = false, all_equal = true, all_near = true;
        for (std::size_t q = 0; q < system.observed.size(); ++q) {
            const double theirs = table.numbers("freq_" + system.observed[q])[row];
            const double ours = labels[row].frequencies[q];
            oscillates |= theirs > 0;
            all_equal &= std::abs(ours - theirs) <= 1e-9 * theirs;
            all_near &= std::abs(1 / ours - 1 / theirs) <= 1.000001 * options.dt;
        }
        same_class += oscillates == (labels[row].rhythm == Rhythm::sustained);
        if (!oscillates || labels[row].rhythm != Rhythm::sustained) continue;
        ++both;
        equal += all_equal;
        near += all_near;
    }
    const auto share = [](std::size_t part, std::size_t whole) {
        return 100 * static_cast<double>(part) / static_cast<double>(std::max<std::size_t>(whole, 1));
    };
    std::printf(
        "%s: %zu rows, class %.2f %%, of %zu both: equal %.2f %%, within one sample %.2f %%; failed %zu; "
        "%.2f ms a row\n",
        std::filesystem::path(file).filename().c_str(), labels.size(), share(same_class, labels.size()), both,
        share(equal, both), share(near, both), failed, 1e3 * seconds / static_cast<double>(labels.size()));
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t rows = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : static_cast<std::size_t>(-1);
    for (const Oscillator& system : oscillators()) {
        for (const char* set : {"train_lhs10k", "val5k"}) {
            std::string file = exact_file(system);
            file.replace(file.find("val_exact"), 9, set);
            if (std::filesystem::exists(file)) {
                compare(system, file, rows);
            } else {
                std::printf("%s: absent\n", file.c_str());
            }
        }
    }
}
