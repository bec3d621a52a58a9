// The SBML Test Suite: every model is read, or refused by the name of what is not supported.
#include "suite.h"

#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <set>

#include "network_text.h"

namespace rondo {

namespace {

// The construct, without its name: up to the first ':' or ','.
std::string construct(const std::string& message) {
    return message.substr(0, message.find_first_of(":,"));
}

std::set<std::string> constructs(const Read& result) {
    std::set<std::string> all;
    for (const Diagnostic& item : result.list) {
        EXPECT_NE(item.severity, Severity::error) << item.message;
        if (item.severity == Severity::unsupported) all.insert(construct(item.message));
    }
    return all;
}

}  // namespace

TEST(SbmlSuite, EveryModelIsReadOrRefusedByName) {
    if (!std::filesystem::exists(suite_archive())) GTEST_SKIP() << "no " << suite_archive();
    const Suite suite;
    ASSERT_FALSE(suite.models().empty());
    std::map<std::string, int> refused;
    int imported = 0;
    for (const auto& path : suite.models()) {
        SCOPED_TRACE(path.filename().string());
        const Read result = read(text_of(path), path.string());
        for (const std::string& construct : constructs(result)) ++refused[construct];
        if (result.errors) continue;
        ++imported;
        const std::string xml = to_sbml(result.network);
        EXPECT_EQ(errors_of_libsbml(xml), "");
        const Network again = read(xml).network;
        // Bounds as version 1 of fbc has them come back as those of version 2.
        if (again.flux_bounds.empty()) {
            EXPECT_EQ(describe(again), describe(result.network));
        }
        EXPECT_EQ(describe(read(to_sbml(again)).network), describe(again));
    }
    std::cout << imported << " of " << suite.models().size()
              << " models imported; refused (some for several):\n";
    for (const auto& [construct, count] : refused) std::cout << "  " << count << "  " << construct << '\n';
    EXPECT_EQ(imported, static_cast<int>(suite.models().size()));
}

}  // namespace rondo
