// suite.h: the semantic cases of the SBML Test Suite, where they are.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/unpacked.h"

namespace rondo {

std::filesystem::path suite_archive();
std::string text_of(const std::filesystem::path& path);

// The suite, unpacked for as long as this lives.
class Suite {
  public:
    Suite();
    // Every model of every case, at every level it comes in; none without the archive.
    const std::vector<std::filesystem::path>& models() const { return models_; }

  private:
    test::Unpacked unpacked_;
    std::vector<std::filesystem::path> models_;
};

}  // namespace rondo
