#include "runtime/simulate/points.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "runtime/api/models.h"
#include "runtime/table/csv.h"

namespace rondo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const char* const model_text = "A -> ; k1*A + k2\nA = 2; k1 = 0.5; k2 = 0; v := k1 + k2\n";

std::string error_of(const std::string& csv) {
    const Model model = parse_model(model_text, "m.ant");
    const Table points = parse_csv(csv, "p.csv");
    try {
        point_inputs(model, points, match_columns(model.system(), points, "p.csv"), "p.csv");
    } catch (const Error& error) {
        EXPECT_EQ(error.fault(), Fault::input);
        return error.what();
    }
    return "no error";
}

TEST(Points, ColumnsThatNameInputsSetThemAndOthersPass) {
    const Model model = parse_model(model_text, "m.ant");
    const Table points = parse_csv("freq,k2,A\n1,2,3\n4,5,6\n", "p.csv");
    const auto columns = match_columns(model.system(), points, "p.csv");
    EXPECT_THAT(columns.matched, ElementsAre("k2", "A"));
    EXPECT_THAT(columns.passed, ElementsAre("freq"));
    const auto inputs = point_inputs(model, points, columns, "p.csv");
    EXPECT_EQ(inputs[1][*model.system().input("k2")], 5);
    EXPECT_EQ(inputs[1][*model.system().input("A")], 6);
    EXPECT_EQ(inputs[1][*model.system().input("k1")], 0.5);
}

TEST(Points, MistakesNameTheColumnAndTheWayOut) {
    struct Case {
        const char *csv, *message;
    };
    for (const auto& [csv, message] : {
             Case{"K1,k2\n1,2\n", "column 'K1': did you mean 'k1'?"},
             Case{"alpha,beta\n1,2\n", "no column names an input of the model '__main'; its inputs are "},
             Case{"v,k1\n1,2\n", "column 'v' cannot be set: a rule of the model computes it"},
             Case{"k1\nfast\n", "column 'k1' holds text"},
             Case{"k1\n1\nNaN\n", "row 2 (line 3), column 'k1' is NaN"},
             Case{"k1\nINF\n", "row 1 (line 2), column 'k1' is INF"},
         }) {
        EXPECT_THAT(error_of(csv), HasSubstr(message)) << csv;
    }
    EXPECT_EQ(error_of("k1,k2\n1,2\n"), "no error");
}

TEST(Points, AGivenColumnMakesRoomForAResult) {
    const Table table = set_aside(parse_csv("k1,freq_X\n1,2\n", "p.csv"), {"freq_X", "freq_Y"});
    EXPECT_THAT(table.names(), ElementsAre("k1", "given_freq_X"));
}

}  // namespace
}  // namespace rondo
