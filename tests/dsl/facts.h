// facts.h: what a text means, as lines of the network's dump.
#pragma once
#include <gtest/gtest.h>

#include "read.h"

namespace rondo {

// The lines of the network's dump, "no X" for a line's beginning that must not be there.
inline void expect_facts(const std::string& text, const std::vector<std::string>& facts) {
    SCOPED_TRACE(text);
    const Reading reading(text);
    EXPECT_FALSE(reading.diagnostics.has_errors()) << reading.diagnostics.render();
    const std::string lines = "\n" + dump(reading.network);
    for (const std::string& fact : facts) {
        if (fact.starts_with("no "))
            EXPECT_EQ(lines.find("\n" + fact.substr(3)), std::string::npos) << lines;
        else
            EXPECT_NE(lines.find("\n" + fact + "\n"), std::string::npos) << fact << lines;
    }
}

inline void expect_refused(const std::string& text, const std::string& part) {
    SCOPED_TRACE(text);
    const Reading reading(text);
    EXPECT_TRUE(reading.diagnostics.has_errors());
    EXPECT_NE(reading.diagnostics.render().find(part), std::string::npos) << reading.diagnostics.render();
}

}  // namespace rondo
