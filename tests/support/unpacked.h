// unpacked.h: an archive of the shared data, unpacked.
#pragma once
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace rondo::test {

// In a folder of its own for as long as this lives, so that tests can run side by side. Empty where there is
// no archive; throws where it cannot be unpacked.
class Unpacked {
  public:
    explicit Unpacked(const std::filesystem::path& archive) {
        std::string pattern = std::filesystem::temp_directory_path() / "rondo-unpacked-XXXXXX";
        if (!::mkdtemp(pattern.data())) throw std::runtime_error("cannot make " + pattern);
        folder_ = pattern;
        const std::string unpack = "tar --zstd -xf '" + archive.string() + "' -C '" + pattern + "'";
        if (std::filesystem::exists(archive) && std::system(unpack.c_str()) != 0) {
            remove();
            throw std::runtime_error("cannot unpack " + archive.string());
        }
    }
    ~Unpacked() { remove(); }
    Unpacked(const Unpacked&) = delete;

    const std::filesystem::path& folder() const { return folder_; }

  private:
    void remove() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    std::filesystem::path folder_;
};

}  // namespace rondo::test
