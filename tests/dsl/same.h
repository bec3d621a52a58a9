// same.h: two networks are equal, spans aside.
#pragma once
#include <gtest/gtest.h>

#include "dsl/model/print.h"

namespace rondo {

// dump() says everything but how its formulas are nested.
inline void expect_same(const Network& a, const Network& b) {
    ASSERT_EQ(dump(a), dump(b));
    for (std::size_t i = 0; i < a.rules.size(); ++i) EXPECT_TRUE(equal(*a.rules[i].math, *b.rules[i].math));
    for (std::size_t i = 0; i < a.functions.size(); ++i)
        EXPECT_TRUE(equal(*a.functions[i].body, *b.functions[i].body));
    for (std::size_t i = 0; i < a.initial_assignments.size(); ++i)
        EXPECT_TRUE(equal(*a.initial_assignments[i].math, *b.initial_assignments[i].math));
    for (std::size_t i = 0; i < a.reactions.size(); ++i) {
        if (!a.reactions[i].kinetic_law) continue;
        EXPECT_TRUE(equal(*a.reactions[i].kinetic_law, *b.reactions[i].kinetic_law));
    }
}

}  // namespace rondo
