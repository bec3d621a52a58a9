// read.h: from text to a network in one step.
#pragma once
#include <string>

#include "dsl/model/print.h"
#include "dsl/model/resolve.h"
#include "dsl/syntax/parse.h"

namespace rondo {

struct Reading {
    Sources sources;
    Diagnostics diagnostics{sources};
    Network network;

    explicit Reading(const std::string& text, const std::string& name = "m.ant") {
        const auto file = sources.add(name, text);
        network = resolve(parse_models(file, diagnostics), diagnostics);
    }
};

}  // namespace rondo
