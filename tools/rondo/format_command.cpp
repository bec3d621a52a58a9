// format_command.cpp: `rondo format`.
#include <iostream>

#include "dsl/syntax/format.h"
#include "dsl/syntax/parse.h"
#include "runtime/api/session.h"
#include "runtime/table/file.h"
#include "tools/rondo/commands.h"

namespace rondo {

namespace {

// A text with errors stays as it is: where a statement ends may be the mistake.
int run_format(const std::string& file, bool in_place) {
    if (is_study(file)) throw Error(Fault::usage, "'" + file + "' is a study; format sets models in order");
    Sources sources;
    Diagnostics diagnostics(sources);
    const std::uint32_t number = sources.add(file, read_file(file));
    const auto nothing = [&](const std::string& path, Span) { return std::optional(sources.add(path, "")); };
    parse_models(number, diagnostics, nothing);
    diagnostics.throw_if_errors();
    const std::string text = format_model(number, diagnostics);
    if (!in_place)
        std::cout << text;
    else if (text != sources.text(number))
        write_file(file, text);
    return 0;
}

}  // namespace

void add_format(CLI::App& app, Program&, Chosen& chosen) {
    auto* command = app.add_subcommand("format", "a model's text in one layout; comments stay");
    auto file = std::make_shared<std::string>();
    auto in_place = std::make_shared<bool>(false);
    command->add_option("MODEL", *file, "MODEL.ant")->required();
    command->add_flag("--in-place", *in_place, "change the file instead of printing its text");
    command->callback(
        [&chosen, file, in_place] { chosen = [file, in_place] { return run_format(*file, *in_place); }; });
}

}  // namespace rondo
