// models.h: model files in and out, whatever their language.
#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "runtime/simulate/model.h"

namespace rondo {

// Antimony or SBML, decided by content; adds the text to diagnostics.sources() under `file`'s name and
// reports what is wrong there. Throws Error(input) if the file cannot be read.
Network load_network(const std::filesystem::path& file, Diagnostics& diagnostics);

// The same from a text, called `name` in messages.
Network parse_network(const std::string& text, const std::string& name, Diagnostics& diagnostics);

// Ready to run. Throws Error with all diagnostics. Warnings go to `warn`, rendered, if it is given.
// `strict`: our extensions of Antimony are errors.
Model load_model(const std::filesystem::path& file, const std::function<void(const std::string&)>& warn = {},
                 bool strict = false);
Model parse_model(const std::string& text, const std::string& name,
                  const std::function<void(const std::string&)>& warn = {});

// `network` in the language that the extension of `file` names: .ant, .txt (Antimony) or .xml, .sbml (SBML).
// Throws Error(input) for any other.
std::string to_language_of(const std::filesystem::path& file, const Network& network);

}  // namespace rondo
