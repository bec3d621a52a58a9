// Half of the BioModels database as Antimony: what is not read is named, and the rest reads back equal.
#include "biomodels.h"

#include <gtest/gtest.h>

#include <iostream>

#include "read.h"
#include "same.h"

namespace rondo {
namespace {

// Not read, but nothing that a simulation would miss.
bool changes_nothing(const std::string& message) {
    for (const char* start : {"annotations", "unit definitions", "units", "SBO terms"})
        if (message.starts_with(start)) return true;
    return false;
}

TEST(BioModels, EveryFileReadsOrNamesWhatDoesNot) {
    const BioModels models("antimony");
    if (!models.missing.empty()) GTEST_SKIP() << models.missing;
    int whole = 0;
    for (const auto& path : models.files) {
        SCOPED_TRACE(path.filename().string());
        const Reading reading(content(path), path.filename().string());
        bool missing = false;
        for (const Diagnostic& diagnostic : reading.diagnostics.list()) {
            EXPECT_NE(diagnostic.severity, Severity::error) << render(diagnostic, reading.sources);
            missing = missing ||
                      (diagnostic.severity == Severity::unsupported && !changes_nothing(diagnostic.message));
        }
        const Reading again(to_antimony(reading.network));
        EXPECT_FALSE(again.diagnostics.has_errors()) << again.diagnostics.render();
        expect_same(reading.network, again.network);
        whole += !missing;
    }
    std::cout << whole << " of " << models.files.size() << " read fully but for units and annotations\n";
    EXPECT_GE(whole, 400);
}

}  // namespace
}  // namespace rondo
