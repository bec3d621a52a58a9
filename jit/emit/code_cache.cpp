// code_cache.cpp: a file is the checksum of the object (32 bytes), then the object.
#include "jit/emit/code_cache.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/BLAKE3.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

namespace rondo {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t bound = 256'000'000;  // bytes of a folder
constexpr std::size_t checksum_size = 32;

fs::path cache_folder() {
    if (const char* named = std::getenv("RONDO_CODE_CACHE"))
        return std::string_view(named) == "off" ? fs::path() : fs::path(named);
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache)
        return fs::path(cache) / "rondo/code";
    const char* home = std::getenv("HOME");
    return home && *home ? fs::path(home) / ".cache/rondo/code" : fs::path();
}

std::string hash(llvm::StringRef bytes) {
    llvm::BLAKE3 hasher;
    hasher.update(bytes);
    const auto digest = hasher.final<checksum_size>();
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Down to three quarters of the bound, so that this is rare.
void shrink(const fs::path& folder) {
    struct Entry {
        fs::file_time_type used;
        std::uintmax_t size;
        fs::path path;
    };
    std::vector<Entry> entries;
    std::uintmax_t total = 0;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const auto size = entry.file_size(ignored);
        if (ignored) continue;
        entries.push_back({entry.last_write_time(ignored), size, entry.path()});
        total += size;
    }
    if (total <= bound) return;
    std::ranges::sort(entries, {}, &Entry::used);
    for (const auto& entry : entries) {
        if (total <= bound / 4 * 3) return;
        if (fs::remove(entry.path, ignored)) total -= entry.size;
    }
}

}  // namespace

CodeCache::CodeCache(std::string target) : folder_(cache_folder()), target_(std::move(target)) {}

std::unique_ptr<llvm::MemoryBuffer> CodeCache::getObject(const llvm::Module* module) {
    if (folder_.empty()) return nullptr;
    std::string text;
    llvm::raw_string_ostream stream(text);
    llvm::WriteBitcodeToFile(*module, stream);
    file_ = folder_ / (llvm::toHex(hash(text + target_), true) + ".o");
    auto whole = llvm::MemoryBuffer::getFile(file_.string(), false, false);
    if (!whole) return nullptr;
    const llvm::StringRef bytes = (*whole)->getBuffer();
    const llvm::StringRef object = bytes.drop_front(std::min(bytes.size(), checksum_size));
    std::error_code ignored;
    if (hash(object) != bytes.take_front(checksum_size)) {
        fs::remove(file_, ignored);
        return nullptr;
    }
    fs::last_write_time(file_, fs::file_time_type::clock::now(), ignored);
    return llvm::MemoryBuffer::getMemBufferCopy(object);
}

void CodeCache::notifyObjectCompiled(const llvm::Module*, llvm::MemoryBufferRef object) {
    if (folder_.empty()) return;
    std::error_code failed;
    fs::create_directories(folder_, failed);
    if (failed) return;
    const fs::path beside = file_.string() + "." + std::to_string(::getpid()) + ".tmp";
    std::ofstream stream(beside, std::ios::binary);
    const llvm::StringRef bytes = object.getBuffer();
    stream << hash(bytes);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (stream) fs::rename(beside, file_, failed);
    if (!stream || failed) fs::remove(beside, failed);
    if (file_.stem().string().ends_with('0')) shrink(folder_);  // one of 16: looking through it takes time
}

}  // namespace rondo
