// study_commands.cpp: `rondo explain` and `rondo submit`: what became of a study, and how to give one to a
// batch system.
#include <iostream>

#include "runtime/api/manifest.h"
#include "runtime/api/session.h"
#include "runtime/table/file.h"
#include "tools/rondo/commands.h"

namespace rondo {

namespace {

struct SubmitArguments {
    std::string study, time = "24:00:00", out = ".";
    std::vector<std::string> settings;
    int ranks = 1, cores = 1, warning = 60;
    bool slurm = false;
};

// For a shell: as it is, or in single quotes.
std::string quoted(const std::string& text) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
    if (!text.empty() && text.find_first_not_of(plain) == text.npos) return text;
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

// Stopped in time by the warning signal, a study ends with status 130; then it is put in the queue again, and
// goes on from what is stored.
std::string slurm_script(const SubmitArguments& a, const std::string& name) {
    const std::string cores = std::to_string(a.cores);
    std::string command = "rondo run " + quoted(a.study) + " --jobs " + cores + " --out " + quoted(a.out);
    for (const auto& setting : a.settings) command += " --set " + quoted(setting);
    const std::string mpi = a.ranks > 1 ? "--mpi=pmix " : "";
    return "#!/bin/bash\n"
           "#SBATCH --job-name=" +
           name +
           "\n"
           "#SBATCH --ntasks=" +
           std::to_string(a.ranks) +
           "\n"
           "#SBATCH --cpus-per-task=" +
           cores +
           "\n"
           "#SBATCH --time=" +
           a.time +
           "\n"
           "#SBATCH --signal=USR1@" +
           std::to_string(a.warning) +
           "\n"
           "#SBATCH --requeue\n"
           "#SBATCH --open-mode=append\n"
           "#SBATCH --output=" +
           name +
           ".log\n"
           "srun " +
           mpi + "--cpus-per-task=" + cores + " " + command +
           "\n"
           "status=$?\n"
           "if [ $status -eq 130 ]; then scontrol requeue \"$SLURM_JOB_ID\"; fi\n"
           "exit $status\n";
}

int run_submit(const SubmitArguments& a, Program& program) {
    if (!a.slurm) throw Error(Fault::usage, "submit needs the batch system: --slurm");
    if (!is_study(a.study)) throw Error(Fault::usage, "'" + a.study + "' is no study (.rondo)");
    const CheckResult check = check_file(a.study);
    if (check.errors) {
        std::cerr << check.text;
        return static_cast<int>(Fault::input);
    }
    const std::string name = std::filesystem::path(a.study).stem().string();
    write_file(name + ".slurm", slurm_script(a, name));
    program.warn("wrote " + name + ".slurm; give it to the queue with: sbatch " + name + ".slurm");
    return 0;
}

}  // namespace

void add_explain(CLI::App& app, Program&, Chosen& chosen) {
    auto* command =
        app.add_subcommand("explain", "what made an output: study, seeds, versions, work and time");
    auto file = std::make_shared<std::string>();
    command->add_option("FILE", *file, "a file that a study saved")->required();
    command->callback([&chosen, file] {
        chosen = [file] {
            std::cout << explain(*file);
            return 0;
        };
    });
}

void add_submit(CLI::App& app, Program& program, Chosen& chosen) {
    auto* command = app.add_subcommand("submit", "writes the script that gives a study to a batch system");
    auto a = std::make_shared<SubmitArguments>();
    command->add_option("STUDY", a->study, "STUDY.rondo")->required();
    command->add_flag("--slurm", a->slurm, "for Slurm: writes STUDY.slurm in the current folder");
    command->add_option("--ranks", a->ranks, "processes; default: 1")->check(CLI::PositiveNumber);
    command->add_option("--jobs", a->cores, "threads of each; default: 1")->check(CLI::PositiveNumber);
    command->add_option("--time", a->time, "of the allocation; default: 24:00:00");
    command
        ->add_option("--warning", a->warning,
                     "seconds before its end that the study is told to stop; default: 60")
        ->check(CLI::PositiveNumber);
    command->add_option("--out", a->out, "folder of relative outputs");
    command->add_option("--set", a->settings, "NAME=VALUE")->allow_extra_args(false);
    command->add_flag("--quiet", program.quiet, "no remarks");
    command->callback([&program, &chosen, a] { chosen = [&program, a] { return run_submit(*a, program); }; });
}

}  // namespace rondo
