// BioModels, from Antimony: what is written is valid, and says the same when it is read and written again.
#include "tests/dsl/biomodels.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "dsl/model/resolve.h"
#include "dsl/syntax/parse.h"
#include "network_text.h"

namespace rondo {

namespace {

// Around the first byte that differs.
std::string first_difference(const std::string& a, const std::string& b) {
    const auto at = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    const std::size_t begin = at > 150 ? at - 150 : 0;
    return a.substr(begin, 300) + "\n---\n" + b.substr(begin, 300);
}

}  // namespace

TEST(SbmlBioModels, WhatIsWrittenIsValidAndComesBack) {
    const BioModels models("antimony");
    if (!models.missing.empty()) GTEST_SKIP() << models.missing;
    int written = 0;
    for (const auto& path : models.files) {
        SCOPED_TRACE(path.filename().string());
        Sources sources;
        Diagnostics diagnostics(sources);
        const Network network =
            resolve(parse_models(sources.add(path.string(), content(path)), diagnostics), diagnostics);
        if (diagnostics.has_errors()) continue;
        const std::string xml = to_sbml(network);
        EXPECT_EQ(errors_of_libsbml(xml).substr(0, 1000), "");
        const Read back = read(xml);
        EXPECT_FALSE(back.errors) << back.messages.substr(0, 1000);
        EXPECT_TRUE(to_sbml(back.network) == xml) << first_difference(to_sbml(back.network), xml);
        ++written;
    }
    EXPECT_GT(written, 400);
}

}  // namespace rondo
