// files.cpp: the only file that sees yaml-cpp.
#include "runtime/petab/files.h"

#include <yaml-cpp/yaml.h>

#include "runtime/table/file.h"

namespace rondo {
namespace {

namespace fs = std::filesystem;

class Reader {
  public:
    Reader(const fs::path& file, Diagnostics& diagnostics)
        : folder_(file.parent_path()),
          source_(diagnostics.sources().add(file.string(), read_file_unpacked(file))),
          diagnostics_(diagnostics) {}

    PetabFiles read() {
        try {
            return read(YAML::Load(diagnostics_.sources().text(source_)));
        } catch (const YAML::ParserException& error) {
            diagnostics_.error(place(error.mark), "this is no YAML: " + error.msg);
        } catch (const YAML::Exception& error) {
            diagnostics_.error(place(error.mark), "this is not what a PEtab problem has here");
        }
        return {};
    }

  private:
    Span place(const YAML::Mark& mark) const {
        const auto at = static_cast<std::uint32_t>(std::max(0, mark.pos));
        return {source_, at, at};
    }

    PetabFiles read(const YAML::Node& root) {
        PetabFiles files;
        if (!root.IsMap()) {
            diagnostics_.error(place(root.Mark()), "this is no PEtab problem",
                               "it names 'format_version', 'parameter_file' and 'problems'");
            return files;
        }
        check_version(root);
        for (const auto& entry : root) {
            const auto name = entry.first.as<std::string>();
            if (name == "format_version" || name == "parameter_file" || name == "problems") continue;
            if (name == "extensions" && entry.second.size() == 0) continue;
            diagnostics_.unsupported(place(entry.first.Mark()), "'" + name + "' is not supported");
        }
        files.parameters = paths(root, "parameter_file", root);
        const YAML::Node problems = root["problems"];
        if (!problems || !problems.IsSequence() || problems.size() == 0) {
            diagnostics_.error(place(root.Mark()), "there is no list 'problems'");
        } else if (problems.size() > 1) {
            diagnostics_.unsupported(place(problems[1].Mark()),
                                     "more than one problem in a file is not supported",
                                     "write a file for each");
        } else {
            read_problem(problems[0], files);
        }
        return files;
    }

    void check_version(const YAML::Node& root) {
        const YAML::Node version = root["format_version"];
        if (!version) {
            diagnostics_.error(place(root.Mark()), "'format_version' is missing", "write format_version: 1");
            return;
        }
        const auto text = version.as<std::string>();
        if (text != "1" && !text.starts_with("1."))
            diagnostics_.unsupported(place(version.Mark()),
                                     "PEtab version " + text + " is not supported; version 1 is");
    }

    void read_problem(const YAML::Node& problem, PetabFiles& files) {
        for (const auto& entry : problem) {
            const auto name = entry.first.as<std::string>();
            if (name == "condition_files" || name == "observable_files" || name == "measurement_files" ||
                name == "sbml_files" || name == "visualization_files")
                continue;
            diagnostics_.unsupported(place(entry.first.Mark()), "'" + name + "' is not supported");
        }
        files.conditions = paths(problem, "condition_files", problem);
        files.observables = paths(problem, "observable_files", problem);
        files.measurements = paths(problem, "measurement_files", problem);
        const auto models = paths(problem, "sbml_files", problem);
        if (models.size() > 1)
            diagnostics_.unsupported(place(problem["sbml_files"].Mark()),
                                     "more than one model is not supported");
        if (!models.empty()) files.model = models[0];
    }

    // One name or a list of names; at least one.
    std::vector<fs::path> paths(const YAML::Node& map, const char* name, const YAML::Node& where) {
        const YAML::Node node = map[name];
        std::vector<fs::path> result;
        const auto add = [&](const YAML::Node& item) { result.push_back(folder_ / item.as<std::string>()); };
        if (node && node.IsSequence())
            for (const auto& item : node) add(item);
        else if (node && node.IsScalar())
            add(node);
        if (result.empty())
            diagnostics_.error(place(where.Mark()), "'" + std::string(name) + "' names no file");
        return result;
    }

    fs::path folder_;
    std::uint32_t source_;
    Diagnostics& diagnostics_;
};

}  // namespace

PetabFiles read_petab_files(const fs::path& file, Diagnostics& diagnostics) {
    return Reader(file, diagnostics).read();
}

bool is_yaml(const fs::path& file) {
    return file.extension() == ".yaml" || file.extension() == ".yml";
}

}  // namespace rondo
