// Tables: columns of equal length, found by name.
#include "runtime/table/table.h"

#include <gtest/gtest.h>

#include "tests/runtime/support.h"

namespace rondo {
namespace {

using Texts = std::vector<std::string>;
using Numbers = std::vector<double>;

Table sample() {
    Table table;
    table.set("a", Numbers{1, 2, 3});
    table.set("freq_X", Numbers{0.1, 0.2, 0.3});
    table.set("rhythm", Texts{"steady", "damped", "sustained"});
    return table;
}

TEST(Table, KeepsColumnsInOrder) {
    const Table table = sample();
    EXPECT_EQ(table.rows(), 3u);
    EXPECT_EQ(table.width(), 3u);
    EXPECT_EQ(table.names(), (Texts{"a", "freq_X", "rhythm"}));
    EXPECT_EQ(table.at("rhythm").texts()[1], "damped");
    EXPECT_EQ(table.numbers("freq_X")[2], 0.3);
    EXPECT_EQ(table.find("b"), nullptr);
}

TEST(Table, SetReplacesAColumnInPlace) {
    Table table = sample();
    table.set("a", Texts{"x", "y", "z"});
    EXPECT_EQ(table.names(), (Texts{"a", "freq_X", "rhythm"}));
    EXPECT_EQ(table.at("a").texts()[0], "x");
}

TEST(Table, TheOnlyColumnMayChangeItsLength) {
    Table table;
    table.set("a", Numbers{1});
    table.set("a", Numbers{1, 2});
    EXPECT_EQ(table.rows(), 2u);
}

TEST(Table, MessagesNameColumnsAndWaysOut) {
    Table table = sample();
    EXPECT_EQ(message_of([&] { table.at("freq_x"); }), "there is no column 'freq_x'; did you mean 'freq_X'?");
    EXPECT_EQ(message_of([&] { table.at("temperature"); }),
              "there is no column 'temperature'; there are 'a', 'freq_X', 'rhythm'");
    EXPECT_EQ(message_of([&] { Table().at("a"); }), "there is no column 'a'; the table is empty");
    EXPECT_EQ(message_of([&] { table.set("b", Numbers{1}); }),
              "column 'b' has 1 values; the table has 3 rows");
    EXPECT_EQ(message_of([&] { table.numbers("rhythm"); }),
              "column 'rhythm' is text; numbers are needed here (row 1 is 'steady')");
    EXPECT_EQ(message_of([&] { table.at("a").texts(); }), "column 'a' holds numbers; text is needed here");
    table.set("b", Texts{"1", "2.5", "1,5"});
    EXPECT_EQ(message_of([&] { table.numbers("b"); }),
              "column 'b' is text; numbers are needed here (row 3 is '1,5')");
}

TEST(Table, ManyNamesAreCutShort) {
    Table table;
    for (int i = 0; i < 40; ++i) table.set("parameter_" + std::to_string(i), Numbers{1});
    const std::string message = message_of([&] { table.at("X"); });
    EXPECT_NE(message.find("'parameter_11', ... (40 in all)"), message.npos) << message;
}

TEST(Table, SelectTakesRowsInTheOrderGiven) {
    const std::size_t rows[] = {2, 0, 2};
    const Table table = sample().select(rows);
    EXPECT_EQ(table.at("a").numbers(), (Numbers{3, 1, 3}));
    EXPECT_EQ(table.at("rhythm").texts(), (Texts{"sustained", "steady", "sustained"}));
}

TEST(Table, SliceAndColumnsCutBothWays) {
    const Texts wanted{"rhythm", "a"};
    const Table table = sample().slice(1, 3).columns(wanted);
    EXPECT_EQ(table.names(), wanted);
    EXPECT_EQ(table.at("a").numbers(), (Numbers{2, 3}));
    EXPECT_EQ(sample().slice(1, 1).rows(), 0u);
    EXPECT_EQ(sample().slice(1, 1).width(), 3u);
}

TEST(Append, MatchesColumnsByName) {
    Table below;
    below.set("rhythm", Texts{"failed"});
    below.set("a", Numbers{4});
    below.set("freq_X", Numbers{0.4});
    const Table both = append(sample(), below);
    EXPECT_EQ(both.names(), sample().names());
    EXPECT_EQ(both.at("a").numbers(), (Numbers{1, 2, 3, 4}));
    EXPECT_EQ(both.at("rhythm").texts()[3], "failed");
    EXPECT_EQ(append(Table(), below).names(), below.names());
    EXPECT_EQ(append(below, Table()).names(), below.names());
}

TEST(Append, RefusesColumnsThatDiffer) {
    Table a, b, c;
    a.set("x", Numbers{1});
    b.set("y", Numbers{1});
    c.set("x", Texts{"one"});
    EXPECT_EQ(message_of([&] { append(a, b); }), "cannot append: column 'y' is only in the second table");
    b.set("x", Numbers{1});
    EXPECT_EQ(message_of([&] { append(b, a); }), "cannot append: column 'y' is only in the first table");
    EXPECT_EQ(message_of([&] { append(a, c); }), "column 'x' is numbers in one table and text in the other");
}

}  // namespace
}  // namespace rondo
