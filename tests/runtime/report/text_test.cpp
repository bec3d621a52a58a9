#include <gtest/gtest.h>

#include <cmath>

#include "runtime/report/report.h"

namespace rondo {
namespace {

Table table_of(std::vector<double> numbers, std::vector<std::string> texts) {
    Table table;
    table.set("value", std::move(numbers));
    table.set("kind", std::move(texts));
    return table;
}

TEST(TextTable, ShortTablesAreWhole) {
    EXPECT_EQ(to_text(table_of({1, 0.123456789, -1e-9, NAN, INFINITY}, {"a", "bb", "", "µ", "long one"})),
              "5 rows x 2 columns\n"
              "   value  kind\n"
              "       1  a\n"
              "0.123457  bb\n"
              "  -1e-09\n"
              "     NaN  µ\n"
              "     INF  long one\n");
}

TEST(TextTable, LongTablesShowBothEnds) {
    std::vector<double> numbers;
    for (int i = 1; i <= 11; ++i) numbers.push_back(i);
    Table table;
    table.set("n", numbers);
    EXPECT_EQ(to_text(table),
              "11 rows x 1 column\n  n\n  1\n  2\n  3\n  4\n  5\n...\n  7\n  8\n  9\n 10\n 11\n");
}

TEST(TextTable, EmptyTablesHaveAShape) {
    EXPECT_EQ(to_text(Table()), "0 rows x 0 columns\n");
    EXPECT_EQ(to_text(table_of({}, {})), "0 rows x 2 columns\nvalue  kind\n");
}

TEST(TextTable, ACellStaysOnItsLine) {
    const std::string cell = "two\nlines\x1b[31m" + std::string(50, 'x');
    EXPECT_EQ(to_text(table_of({1}, {cell})),
              "1 row x 2 columns\nvalue  kind\n    1  two lines�[31m" + std::string(25, 'x') + "…\n");
}

}  // namespace
}  // namespace rondo
