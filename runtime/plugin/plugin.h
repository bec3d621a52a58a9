// plugin.h: parts of Rondo that are loaded when they are first needed, because what they bring along takes
// longer to start than all the rest. They stay loaded until the process ends.
#pragma once
#include <filesystem>
#include <string>

#include "dsl/syntax/error.h"

namespace rondo {

// The folder that the environment's RONDO_PLUGIN_DIR names, else ../lib beside the program.
std::filesystem::path plugin_folder();

// Null with the loader's reason if the file cannot be loaded. flags: of dlopen, beside RTLD_NOW.
void* load_library(const std::string& file, int flags, std::string& reason);

void* find_symbol(void* library, const char* name);  // null if there is none

// A function of a library. kind: what messages call the plugin. Throws Error(unsupported) if there is none.
template <class Function>
void find_function(void* library, const std::string& kind, const char* name, Function& function) {
    function = reinterpret_cast<Function>(find_symbol(library, name));
    if (!function)
        throw Error(Fault::unsupported, "the " + kind + " plugin lacks '" + name + "'; build again");
}

}  // namespace rondo
