// suite.h: the semantic cases of the SBML Test Suite, where they are.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace rondo {

std::filesystem::path suite_archive();
std::string text_of(const std::filesystem::path& path);

// The suite, unpacked for as long as this lives.
class Suite {
  public:
    Suite();
    Suite(const Suite&) = delete;
    ~Suite();
    // Every model of every case, at every level it comes in; empty if unpacking failed.
    const std::vector<std::filesystem::path>& models() const { return models_; }

  private:
    std::filesystem::path folder_;
    std::vector<std::filesystem::path> models_;
};

}  // namespace rondo
