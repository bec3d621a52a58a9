#include "runtime/api/models.h"

#include <map>
#include <optional>

#include "dsl/model/print.h"
#include "dsl/model/rename.h"
#include "dsl/model/resolve.h"
#include "dsl/syntax/parse.h"
#include "runtime/table/file.h"
#include "sbml/sbml.h"

namespace rondo {

namespace {

Model ready(Network network, const Diagnostics& diagnostics,
            const std::function<void(const std::string&)>& warn) {
    diagnostics.throw_if_errors();
    if (warn && !diagnostics.list().empty()) warn(diagnostics.render());
    return Model(std::move(network));
}

}  // namespace

namespace {

namespace fs = std::filesystem;

// What a model in `folder` imports: a file of Antimony as it is, one of SBML as the Antimony that says the
// same.
class Imported {
  public:
    Imported(fs::path folder, Diagnostics& diagnostics)
        : folder_(std::move(folder)), diagnostics_(&diagnostics) {}

    std::optional<std::uint32_t> operator()(const std::string& path, Span where) {
        const fs::path beside =
            where.known() ? fs::path(diagnostics_->sources().name(where.file)).parent_path() : folder_;
        const fs::path file = beside / path;
        if (!fs::is_regular_file(file)) {
            diagnostics_->error(where, "there is no file '" + file.string() + "'");
            return {};
        }
        const auto [known, first] = files_.emplace(fs::weakly_canonical(file), std::nullopt);
        if (first) known->second = read(file);
        return known->second;
    }

  private:
    std::optional<std::uint32_t> read(const fs::path& file) {
        std::string text = read_file_unpacked(file);
        Sources& sources = diagnostics_->sources();
        if (!looks_like_sbml(text)) return sources.add(file.string(), std::move(text));
        const bool sound = !diagnostics_->has_errors();
        const Network network = read_sbml(sources.add(file.string(), std::move(text)), *diagnostics_);
        if (sound && diagnostics_->has_errors()) return {};
        return sources.add(file.string() + " (as Antimony)", to_antimony_module(network));
    }

    fs::path folder_;
    Diagnostics* diagnostics_;
    std::map<fs::path, std::optional<std::uint32_t>> files_;  // by where they lie
};

}  // namespace

Network parse_network(const std::string& text, const std::string& name, Diagnostics& diagnostics) {
    const bool sbml = looks_like_sbml(text);
    const std::uint32_t file = diagnostics.sources().add(name, text);
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
        diagnostics.error({file, 0, 0}, "the file is empty", "write a model in it, e.g. A -> B; k*A");
        return {};
    }
    Imported imported(fs::path(name).parent_path(), diagnostics);
    Network network = sbml ? read_sbml(file, diagnostics)
                           : resolve(parse_models(file, diagnostics, std::ref(imported)), diagnostics);
    if (!diagnostics.has_errors()) check(network, diagnostics);
    return network;
}

Network load_network(const std::filesystem::path& file, Diagnostics& diagnostics) {
    return parse_network(read_file_unpacked(file), file.string(), diagnostics);
}

Model load_model(const std::filesystem::path& file, const std::function<void(const std::string&)>& warn,
                 bool strict) {
    Sources sources;
    Diagnostics diagnostics(sources);
    if (strict) diagnostics.refuse_extensions();
    Network network = load_network(file, diagnostics);
    return ready(std::move(network), diagnostics, warn);
}

Model parse_model(const std::string& text, const std::string& name,
                  const std::function<void(const std::string&)>& warn) {
    Sources sources;
    Diagnostics diagnostics(sources);
    Network network = parse_network(text, name, diagnostics);
    return ready(std::move(network), diagnostics, warn);
}

std::string to_language_of(const std::filesystem::path& file, const Network& network) {
    const auto extension = file.extension().string();
    if (extension == ".ant" || extension == ".txt") return to_antimony(network);
    if (extension == ".xml" || extension == ".sbml") return to_sbml(in_ascii(network));
    throw Error(
        Fault::input,
        "'" + file.string() +
            "': the extension must say the language: .ant or .txt for Antimony, .xml or .sbml for SBML");
}

}  // namespace rondo
