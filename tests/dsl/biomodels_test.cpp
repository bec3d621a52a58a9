// Half of the BioModels database as Antimony: all of it reads, and what is printed reads back equal.
#include "biomodels.h"

#include <gtest/gtest.h>

#include "read.h"
#include "same.h"

namespace rondo {
namespace {

TEST(BioModels, EveryFileReads) {
    const BioModels models("antimony");
    if (!models.missing.empty()) GTEST_SKIP() << models.missing;
    for (const auto& path : models.files) {
        SCOPED_TRACE(path.filename().string());
        const Reading reading(content(path), path.filename().string());
        EXPECT_FALSE(reading.diagnostics.has_errors()) << reading.diagnostics.render();
        const Reading again(to_antimony(reading.network));
        EXPECT_FALSE(again.diagnostics.has_errors()) << again.diagnostics.render();
        expect_same(reading.network, again.network);
    }
}

}  // namespace
}  // namespace rondo
