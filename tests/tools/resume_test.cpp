// Nothing lost: studies that are killed, stopped, short of disk or not allowed to write, and their outputs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "tests/tools/shell.h"

namespace rondo::test {
namespace {

using testing::HasSubstr;

constexpr int points = 30'000, runs = 400;

// Some seconds of labels and runs.
const std::string study =
    "import \"m.ant\" as m\n"
    "domain = box(a = 0..5, b = 0..15)\n"
    "rhythm = frequency(m, over = domain, of = [\"X\", \"Y\"])\n"
    "points = " +
    std::to_string(points) +
    "\n"
    "labels = rhythm(sobol(domain, points, seed = 4))\n"
    "runs = simulate(m, 0..30, points = 301, over = lhs(domain, " +
    std::to_string(runs) +
    ", seed = 3))\n"
    "save(labels, \"labels.csv\")\n"
    "save(runs, \"runs.csv\")\n";

struct Work {
    int computed = 0, stored = 0;
};

Work work_of(const Folder& folder, const std::string& output, const std::string& verb) {
    const auto manifest = nlohmann::json::parse(folder.read(output + ".manifest.json"));
    return {manifest["work"][verb]["computed"], manifest["work"][verb]["stored"]};
}

pid_t start(const Folder& folder, const std::vector<std::string>& arguments) {
    const pid_t child = fork();
    if (child != 0) return child;
    if (chdir(folder.path().c_str()) != 0) _exit(99);
    freopen("err", "w", stderr);
    std::vector<char*> argv{const_cast<char*>(RONDO_PROGRAM)};
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    execv(RONDO_PROGRAM, argv.data());
    _exit(98);
}

void sleep_for(double seconds) {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

TEST(Resume, AfterFiveKillsTheOutputsAreThoseOfAnUndisturbedRun) {
    Folder folder;
    folder.write("m.ant", brusselator);
    folder.write("s.rondo", study);
    const auto begun = std::chrono::steady_clock::now();
    const Ran undisturbed = folder.rondo("run s.rondo --jobs 2 --out whole");
    ASSERT_EQ(undisturbed.status, 0) << undisturbed.err;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    std::mt19937 random(6);
    int killed = 0;
    for (int i = 0; i < 5; ++i) {
        const pid_t child = start(folder, {"run", "s.rondo", "--jobs", "2", "--out", "killed", "--quiet"});
        sleep_for(seconds * std::uniform_real_distribution<>(0.1, 0.5)(random));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        if (WIFSIGNALED(status)) ++killed;
    }
    EXPECT_GE(killed, 2);
    const Ran resumed = folder.rondo("run s.rondo --jobs 2 --out killed");
    ASSERT_EQ(resumed.status, 0) << resumed.err;
    EXPECT_EQ(folder.read("killed/labels.csv"), folder.read("whole/labels.csv"));
    EXPECT_EQ(folder.read("killed/runs.csv"), folder.read("whole/runs.csv"));
    const Work labels = work_of(folder, "killed/runs.csv", "frequency");
    EXPECT_EQ(labels.computed + labels.stored, points);
    EXPECT_GT(labels.stored, 0);
    const Work whole = work_of(folder, "whole/runs.csv", "frequency");
    EXPECT_EQ(whole.computed, points);
    const Ran again = folder.rondo("run s.rondo --out killed");
    EXPECT_EQ(work_of(folder, "killed/runs.csv", "frequency").computed, 0);
    EXPECT_EQ(work_of(folder, "killed/runs.csv", "simulate").computed, 0);
    EXPECT_EQ(folder.rondo("store verify --store killed/.rondo/store.db").status, 0);
}

TEST(Resume, SignalsStopWithinASecondAndSayHowToGoOn) {
    Folder folder;
    folder.write("m.ant", brusselator);
    folder.write("s.rondo", study);
    for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) {
        SCOPED_TRACE(signal);
        const pid_t child = start(folder, {"run", "s.rondo", "--set", "points=3000000", "--jobs", "1"});
        sleep_for(1.5);
        const auto asked = std::chrono::steady_clock::now();
        kill(child, signal);
        int status = 0;
        waitpid(child, &status, 0);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - asked;
        EXPECT_LT(took.count(), 2);  // a second, on a machine that may be busy
        ASSERT_TRUE(WIFEXITED(status));
        EXPECT_EQ(WEXITSTATUS(status), 130);
        EXPECT_THAT(folder.read("err"), HasSubstr("run the same command again to go on"));
    }
}

TEST(Resume, WhereNothingCanBeStoredTheStudyRunsAndSaysSo) {
    Folder folder;
    folder.write("m.ant", brusselator);
    folder.write("s.rondo", study);
    folder.write("file", "not a folder");
    const Ran blocked = folder.rondo("run s.rondo --set points=100 --store file/store.db");
    EXPECT_EQ(blocked.status, 0) << blocked.err;
    EXPECT_THAT(blocked.err, HasSubstr("results are not stored, so a stopped run starts over"));
    const Ran whole = folder.rondo("run s.rondo --set points=100 --out whole");
    EXPECT_EQ(folder.read("labels.csv"), folder.read("whole/labels.csv"));
}

// The store's file may not grow: what was there stays, and the outputs, which are small, are written.
TEST(Resume, AFullDiskIsSaidAndTheStudyGoesOn) {
    Folder folder;
    folder.write("m.ant", brusselator);
    folder.write("s.rondo", study);
    ASSERT_EQ(folder.rondo("run s.rondo --set points=100 --store st.db").status, 0);
    const std::string labels = folder.read("labels.csv");
    const Ran full =
        folder.rondo("run s.rondo --set points=9000 --store st.db", "trap '' XFSZ; ulimit -f 2000; ");
    EXPECT_THAT(full.err, HasSubstr("results are not kept in 'st.db'"));
    const Ran again = folder.rondo("run s.rondo --set points=100 --store st.db");
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_EQ(folder.read("labels.csv"), labels);
    EXPECT_EQ(work_of(folder, "labels.csv", "frequency").computed, 0);
}

TEST(Resume, TwoStudiesShareAStore) {
    Folder folder;
    folder.write("m.ant", brusselator);
    folder.write("s.rondo", study);
    const std::vector<std::string> common{"run",     "s.rondo", "--set", "points=6000",
                                          "--store", "st.db",   "--out"};
    std::vector<pid_t> children;
    for (const char* out : {"one", "two"}) {
        auto arguments = common;
        arguments.emplace_back(out);
        children.push_back(start(folder, arguments));
    }
    for (const pid_t child : children) {
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << folder.read("err");
    }
    EXPECT_EQ(folder.read("one/labels.csv"), folder.read("two/labels.csv"));
    EXPECT_EQ(folder.rondo("run s.rondo --set points=6000 --store st.db --out one").status, 0);
    EXPECT_EQ(work_of(folder, "one/labels.csv", "frequency").computed, 0);
}

bool has_mpi_plugin() {
    return std::filesystem::exists(std::filesystem::path(RONDO_PROGRAM).parent_path().parent_path() /
                                   "lib/librondo_mpi.so");
}

#define SKIP_WITHOUT_MPI()                                    \
    if (std::system("mpirun --version >/dev/null 2>&1") != 0) \
        GTEST_SKIP() << "there is no mpirun (openmpi-bin)";   \
    if (!has_mpi_plugin()) GTEST_SKIP() << "built without MPI (libopenmpi-dev)"

std::string mpirun(const std::string& ranks) {
    return "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 timeout 300 mpirun --oversubscribe "
           "-n " +
           ranks;
}

TEST(Resume, AnyNumberOfRanksAndThreadsGivesTheSameBytes) {
    Folder folder;
    SKIP_WITHOUT_MPI();
    folder.write("m.ant", brusselator);
    folder.write("s.rondo", study);
    const std::string command = "run s.rondo --set points=6000 --out ";
    ASSERT_EQ(folder.rondo(command + "one --jobs 1").status, 0);
    ASSERT_EQ(folder.rondo(command + "two --jobs 2").status, 0);
    EXPECT_EQ(folder.read("two/labels.csv"), folder.read("one/labels.csv"));
    EXPECT_EQ(folder.read("two/runs.csv"), folder.read("one/runs.csv"));
    for (const std::string ranks : {"1", "2", "3"}) {
        SCOPED_TRACE(ranks);
        const Ran ran = folder.rondo(command + "r" + ranks + " --jobs 1", mpirun(ranks));
        ASSERT_EQ(ran.status, 0) << ran.err;
        EXPECT_EQ(folder.read("r" + ranks + "/labels.csv"), folder.read("one/labels.csv"));
        EXPECT_EQ(folder.read("r" + ranks + "/runs.csv"), folder.read("one/runs.csv"));
        const auto manifest = nlohmann::json::parse(folder.read("r" + ranks + "/labels.csv.manifest.json"));
        EXPECT_EQ(manifest["ranks"], std::stoi(ranks));
    }
}

// Populations, starts, polishing, trainings and runs of chance go to other ranks as labels do. The fits' runs
// are long enough to be worth sending.
TEST(Resume, FitsTrainingsAndChanceAreTheSameOnAnyNumberOfRanks) {
    Folder folder;
    SKIP_WITHOUT_MPI();
    folder.write("m.ant", brusselator);
    folder.write("s.rondo", R"(import "m.ant" as m
data = simulate(m, 0..400, points = 101)
free = box(a = 0.5..2, b = 1..4)
small = genetic(population = 8, offspring = 6, generations = 2)
exact = {method = small, polish = none(), rtol = 1e-12, atol = 1e-12, seed = 3}
fits = [fit(m, data, free, termination = adaptive(), ..exact),
        fit(m, data, free, termination = lossless(order = "sequential", block = 6), ..exact),
        fit(m, data, free, method = small, polish = powell(best = 3, calls = 20), rtol = 1e-4, seed = 3),
        fit(m, data, free, solver = "dormand_prince", termination = lossless(), ..exact),
        fit(m, data, free, solver = "bdf", ..exact),
        fit(m, data, free, method = multi_start(starts = 6), seed = 3)]
line = function(f) {fitness = f.fitness, a = f.best.a, b = f.best.b, calls = f.calls.total} end
save(table_of(map(line, fits)), "fits.csv")

rhythm = frequency(m, over = box(a = 0..5, b = 0..15), of = ["X", "Y"])
rows = rhythm(lhs(rhythm.box, 60, seed = 1))
how = {network = mlp(hidden = [8]), epochs = 20, warm_up = 2}
learned = train(rhythm, rows, seed = 5, replicates = 4, ..how)
save(predict(learned[1], rows), "first.csv")
save(predict(learned[4], rows), "last.csv")
save(predict(train(rhythm, rows, seed = 8, ..how), rows), "alone.csv")

model birth
    -> X; 3
    X -> ; 0.5*X
end
chance = {method = "ssa", seed = 2}
save(simulate(birth, 0..20, points = 11, runs = 300, ..chance), "runs.csv")
save(simulate(birth, 0..20, points = 11, runs = 3000, summary = "moments", ..chance), "moments.csv")
)");
    const std::string command = "run s.rondo --device cpu --out ";
    const Ran one = folder.rondo(command + "one --jobs 1");
    ASSERT_EQ(one.status, 0) << one.err;
    EXPECT_EQ(folder.read("one/alone.csv"), folder.read("one/last.csv"));
    EXPECT_NE(folder.read("one/first.csv"), folder.read("one/last.csv"));
    ASSERT_EQ(folder.rondo(command + "two --jobs 2").status, 0);
    for (const std::string ranks : {"2", "3"}) {
        const Ran ran = folder.rondo(command + "r" + ranks + " --jobs 1", mpirun(ranks));
        ASSERT_EQ(ran.status, 0) << ran.err;
    }
    for (const std::string other : {"two", "r2", "r3"})
        for (const std::string file : {"/fits.csv", "/first.csv", "/last.csv", "/runs.csv", "/moments.csv"})
            EXPECT_EQ(folder.read(other + file), folder.read("one" + file)) << other << file;
}

// Populations are kept as they come: what is left is a fit like any other.
TEST(Resume, AKilledFitGoesOnToTheSameBytes) {
    Folder folder;
    folder.write("m.ant", brusselator);
    folder.write("s.rondo", R"(import "m.ant" as m
data = simulate(m, 0..400, points = 101)
how = {solver = "dormand_prince", rtol = 1e-12, atol = 1e-12, seed = 3}
free = box(a = 0.5..2, b = 1..4)
small = genetic(population = 30, generations = 15)
found = fit(m, data, free, method = small, polish = powell(best = 2, calls = 15), ..how)
save(found.history, "history.csv")
save(found.population, "population.csv")
)");
    ASSERT_EQ(folder.rondo("run s.rondo --out whole").status, 0);
    const pid_t child = start(folder, {"run", "s.rondo", "--out", "killed"});
    const auto kept = [&] { return folder.rondo("store list --store killed/.rondo/store.db").out; };
    for (int i = 0; i < 100 && kept().find("fit") == std::string::npos; ++i) sleep_for(0.1);
    EXPECT_THAT(kept(), HasSubstr("fit"));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    ASSERT_FALSE(std::filesystem::exists(folder.path() / "killed/history.csv"));
    ASSERT_EQ(folder.rondo("run s.rondo --out killed").status, 0);
    for (const std::string file : {"/history.csv", "/population.csv"})
        EXPECT_EQ(folder.read("killed" + file), folder.read("whole" + file));
}

TEST(Resume, RunsOfChanceAreKeptAndTakenUpByMore) {
    Folder folder;
    folder.write("s.rondo", R"(model birth
    -> X; 3
    X -> ; 0.5*X
end
runs = 1500
save(simulate(birth, 0..20, points = 2, method = "ssa", seed = 2, runs = runs), "runs.csv")
)");
    ASSERT_EQ(folder.rondo("run s.rondo --out few").status, 0);
    EXPECT_EQ(work_of(folder, "few/runs.csv", "simulate").computed, 1500);
    ASSERT_EQ(folder.rondo("run s.rondo --out few").status, 0);
    EXPECT_EQ(work_of(folder, "few/runs.csv", "simulate").stored, 1500);
    ASSERT_EQ(folder.rondo("run s.rondo --out few --set runs=2500").status, 0);
    EXPECT_EQ(work_of(folder, "few/runs.csv", "simulate").stored, 1000);  // whole blocks
    const std::string resumed = folder.read("few/runs.csv");
    ASSERT_EQ(folder.rondo("run s.rondo --out many --set runs=2500").status, 0);
    EXPECT_EQ(work_of(folder, "many/runs.csv", "simulate").computed, 2500);
    EXPECT_EQ(folder.read("many/runs.csv"), resumed);
}

TEST(Resume, OneOfManyRanksWithoutMpiIsRefused) {
    Folder folder;
    folder.write("s.rondo", "print(1)\n");
    const Ran ran = folder.rondo("run s.rondo", "OMPI_COMM_WORLD_SIZE=2 RONDO_PLUGIN_DIR=/nowhere");
    EXPECT_EQ(ran.status, 3);
    EXPECT_THAT(ran.err, HasSubstr("started as one of 2 ranks, but this Rondo has no MPI"));
}

TEST(Resume, ExplainSaysWhatMadeAnOutput) {
    Folder folder;
    folder.write("m.ant", brusselator);
    folder.write("s.rondo", study);
    ASSERT_EQ(folder.rondo("run s.rondo --set points=50").status, 0);
    const Ran ran = folder.rondo("explain labels.csv");
    EXPECT_EQ(ran.status, 0) << ran.err;
    for (const char* part :
         {"study: s.rondo\n", "settings: points = 50\n", "seeds: lhs = [3], sobol = [4]\n", "llvm = 19.",
          "device: auto\n", "frequency: 50 computed, 0 from the store, ", " RHS calls\n", "wall time: "})
        EXPECT_THAT(ran.out, HasSubstr(part));
    EXPECT_THAT(ran.out, testing::Not(HasSubstr("changed since")));
    folder.write("labels.csv", folder.read("labels.csv") + "1,2,3,4,steady\n");
    EXPECT_THAT(folder.rondo("explain labels.csv").out, HasSubstr("it has been changed since"));
    const Ran none = folder.rondo("explain m.ant");
    EXPECT_EQ(none.status, 1);
    EXPECT_THAT(none.err, HasSubstr("'m.ant' has no manifest beside it"));
}

TEST(Resume, SubmitWritesAScriptAndNothingElse) {
    Folder folder;
    folder.write("s.rondo", "n = 1\nprint(n)\n");
    const Ran ran = folder.rondo("submit --slurm s.rondo --ranks 8 --jobs 4 --time 1:00:00 --set 'n=2 3'");
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_EQ(folder.count(), 2u);
    const std::string script = folder.read("s.slurm");
    for (const char* line :
         {"#!/bin/bash\n", "#SBATCH --ntasks=8\n", "#SBATCH --cpus-per-task=4\n",
          "#SBATCH --signal=USR1@60\n",
          "srun --mpi=pmix --cpus-per-task=4 rondo run s.rondo --jobs 4 --out . --set 'n=2 3'\n"})
        EXPECT_THAT(script, HasSubstr(line));
    EXPECT_EQ(folder.rondo("submit s.rondo").status, 2);
    EXPECT_EQ(folder.rondo("submit --slurm none.rondo").status, 1);
}

TEST(Resume, TheStoreCanBeLookedAtAndPruned) {
    Folder folder;
    folder.write("m.ant", brusselator);
    folder.write("s.rondo", study);
    ASSERT_EQ(folder.rondo("run s.rondo --set points=50").status, 0);
    const Ran list = folder.rondo("store list");
    EXPECT_EQ(list.status, 0) << list.err;
    EXPECT_THAT(list.out, HasSubstr("  frequency  "));
    const std::string label = list.out.substr(list.out.find("frequency") - 14, 12);
    EXPECT_THAT(folder.rondo("store show " + label).out, HasSubstr("50 rows x 5 columns"));
    EXPECT_THAT(folder.rondo("store export " + label).out,
                HasSubstr("freq_X,freq_Y,rhythm,reason,rhs_calls\n"));
    EXPECT_EQ(folder.rondo("store verify").status, 0);
    EXPECT_THAT(folder.rondo("store prune --to 0").out, HasSubstr(" results removed"));
    EXPECT_EQ(folder.rondo("store list").out, "0 results, 0 B\n");
    EXPECT_EQ(folder.rondo("store prune --to much").status, 2);
    EXPECT_EQ(folder.rondo("store list --store none.db").status, 1);
    EXPECT_FALSE(folder.has("none.db"));
}

}  // namespace
}  // namespace rondo::test
