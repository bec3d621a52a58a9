#include "runtime/api/models.h"

#include "dsl/model/print.h"
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

Network parse_network(const std::string& text, const std::string& name, Diagnostics& diagnostics) {
    const bool sbml = looks_like_sbml(text);
    const std::uint32_t file = diagnostics.sources().add(name, text);
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
        diagnostics.error({file, 0, 0}, "the file is empty", "write a model in it, e.g. A -> B; k*A");
        return {};
    }
    Network network =
        sbml ? read_sbml(file, diagnostics) : resolve(parse_models(file, diagnostics), diagnostics);
    if (!diagnostics.has_errors()) check(network, diagnostics);
    return network;
}

Network load_network(const std::filesystem::path& file, Diagnostics& diagnostics) {
    return parse_network(read_file_unpacked(file), file.string(), diagnostics);
}

Model load_model(const std::filesystem::path& file, const std::function<void(const std::string&)>& warn) {
    Sources sources;
    Diagnostics diagnostics(sources);
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
    if (extension == ".xml" || extension == ".sbml") return to_sbml(network);
    throw Error(
        Fault::input,
        "'" + file.string() +
            "': the extension must say the language: .ant or .txt for Antimony, .xml or .sbml for SBML");
}

}  // namespace rondo
