// manifest.h: the circumstances of an output, NAME.manifest.json beside it, so that the output itself is the
// same bytes every time.
#pragma once
#include <filesystem>
#include <string>

#include "runtime/study/verb.h"

namespace rondo {

// What a manifest tells of a run of a study besides its environment.
struct RunFacts {
    std::string study_sha256;
    double seconds;  // since it began
    int ranks;
};

void write_manifest(const std::filesystem::path& file, const std::string& identity, const Environment&,
                    const RunFacts&);

// What is known of an output, for people: from the manifest beside it, and whether it still is what was
// written. Throws Error(input) if there is none.
std::string explain(const std::filesystem::path& file);

}  // namespace rondo
