#include "runtime/plugin/plugin.h"

#include <dlfcn.h>

#include <cstdlib>

namespace rondo {

namespace fs = std::filesystem;

fs::path plugin_folder() {
    if (const char* named = std::getenv("RONDO_PLUGIN_DIR")) return named;
    std::error_code ignored;
    return fs::read_symlink("/proc/self/exe", ignored).parent_path().parent_path() / "lib";
}

void* load_library(const std::string& file, int flags, std::string& reason) {
    if (void* const library = dlopen(file.c_str(), RTLD_NOW | flags)) return library;
    const char* const text = dlerror();
    reason = text ? text : "unknown reason";
    return nullptr;
}

void* find_symbol(void* library, const char* name) {
    return dlsym(library, name);
}

}  // namespace rondo
