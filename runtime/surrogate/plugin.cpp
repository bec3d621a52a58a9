// plugin.cpp: which plugin trains, and what can go wrong with it.
#include "runtime/surrogate/plugin.h"

#include <dlfcn.h>

#include <filesystem>

#include "runtime/plugin/plugin.h"

namespace rondo {

namespace {

namespace fs = std::filesystem;

// Without LibTorch, which would take half a second to say the same.
bool gpu_visible() {
    std::error_code ignored;
    return fs::exists("/dev/nvidia0", ignored) && dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
}

// Path, or the bare name that the loader looks up on the library path.
std::string plugin_file(const std::string& device) {
    const std::string name = "librondo_torch_" + device + ".so";
    std::error_code ignored;
    const fs::path path = plugin_folder() / name;
    return fs::exists(path, ignored) ? path.string() : name;
}

[[noreturn]] void fail_absent(const std::string& device, const std::string& file, const std::string& reason) {
    if (file.find('/') != std::string::npos) {
        throw Error(Fault::unsupported, "training cannot load '" + file + "': " + reason);
    }
    throw Error(Fault::unsupported,
                "training needs LibTorch, and '" + file + "' is not in '" + plugin_folder().string() + "': " +
                    (device == "cpu" ? "run tools/setup-torch and build again"
                                     : "build again where a CUDA toolkit is, or train with --device cpu"));
}

// LibTorch brings a BLAS of its own. Otherwise its calls go to the one that CLP needs, which may be the
// reference BLAS: a study of 40 s then took 360.
#ifdef __SANITIZE_ADDRESS__  // which does not go with it
constexpr int own_symbols_first = 0;
#else
constexpr int own_symbols_first = RTLD_DEEPBIND;
#endif

void* open_plugin(const std::string& device) {
    const std::string file = plugin_file(device);
    std::string reason;
    if (void* library = load_library(file, RTLD_LOCAL | own_symbols_first, reason)) return library;
    fail_absent(device, file, reason);
}

std::string choose(Device device) {
    if (device == Device::cpu) return "cpu";
    const bool gpu = gpu_visible();
    if (device == Device::automatic)
        return gpu && plugin_file("cuda").find('/') != std::string::npos ? "cuda" : "cpu";
    if (!gpu)
        throw Error(Fault::unsupported, "there is no CUDA device here to train on; use --device cpu or auto");
    return "cuda";
}

}  // namespace

TrainPlugin load_plugin(Device device) {
    TrainPlugin plugin;
    plugin.device = choose(device);
    void* library = open_plugin(plugin.device);
    find_function(library, "training", "rondo_torch_version", plugin.version);
    find_function(library, "training", "rondo_torch_train", plugin.train);
    find_function(library, "training", "rondo_torch_train_together", plugin.train_together);
    find_function(library, "training", "rondo_torch_predict", plugin.predict);
    find_function(library, "training", "rondo_torch_equation", plugin.equation);
    return plugin;
}

std::string torch_version() {
    try {
        return load_plugin(Device::cpu).version();
    } catch (const Error&) {
        return {};
    }
}

}  // namespace rondo
