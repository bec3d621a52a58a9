// CSV: what is read, what is refused with its place, and that writing and reading lose nothing.
#include "runtime/table/csv.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "tests/runtime/support.h"

namespace rondo {
namespace {

using Texts = std::vector<std::string>;
using Numbers = std::vector<double>;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Table parse(std::string_view text) {
    return parse_csv(text, "p.csv");
}
std::string refused(std::string_view text) {
    return message_of([&] { parse(text); });
}

TEST(ParseNumber, TakesDecimalsAndNothingElse) {
    struct Case {
        std::string_view text;
        double value;
    };
    for (auto [text, value] : {Case{"1", 1}, Case{"-1.5e3", -1500}, Case{"+2", 2}, Case{".5", 0.5},
                               Case{"5.", 5}, Case{" 7\t", 7}, Case{"INF", infinity}, Case{"-inf", -infinity},
                               Case{"+Infinity", infinity}, Case{"4.9e-324", 4.9e-324}}) {
        SCOPED_TRACE(text);
        ASSERT_TRUE(parse_number(text));
        EXPECT_EQ(*parse_number(text), value);
    }
    for (const auto text : {"NaN", "nan", "NAN", "-nan"}) {
        SCOPED_TRACE(text);
        ASSERT_TRUE(parse_number(text));
        EXPECT_EQ(std::bit_cast<std::uint64_t>(*parse_number(text)), std::bit_cast<std::uint64_t>(nan));
    }
    for (const auto text : {"", " ", "+", "-", "+-1", "++1", "1x", "x", "0x10", "1e", "1,5", "1 2", "nan(3)",
                            "1e400", "1e-400", "--1", "e5", "infinite", "1_000"}) {
        EXPECT_FALSE(parse_number(text)) << text;
    }
}

TEST(Shortest, ReadsBackToTheSameDouble) {
    EXPECT_EQ(shortest(0.1), "0.1");
    EXPECT_EQ(shortest(100), "100");
    EXPECT_EQ(shortest(1e22), "1e+22");
    EXPECT_EQ(shortest(-0.0), "-0");
    EXPECT_EQ(shortest(infinity), "INF");
    EXPECT_EQ(shortest(-infinity), "-INF");
    EXPECT_EQ(shortest(-nan), "NaN");
}

TEST(ParseCsv, ColumnsOfNumbersAndOfText) {
    const Table table = parse("time,S1,rhythm\n0,1.5,steady\n1,INF,\"a \"\"b\"\", c\"\n2,nan,7\n");
    EXPECT_EQ(table.names(), (Texts{"time", "S1", "rhythm"}));
    EXPECT_EQ(table.at("time").numbers(), (Numbers{0, 1, 2}));
    EXPECT_EQ(table.numbers("S1")[1], infinity);
    EXPECT_TRUE(std::isnan(table.numbers("S1")[2]));
    EXPECT_EQ(table.at("rhythm").texts(), (Texts{"steady", "a \"b\", c", "7"}));
}

TEST(ParseCsv, TakesWhatOtherProgramsWrite) {
    const Numbers a{1, 3}, b{2, 4};
    for (const auto text : {"a,b\n1,2\n3,4", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r",
                            "\xef\xbb\xbf"
                            "a,b\n1,2\n3,4\n",
                            "\n \na,b\n\n1,2\n  \n3,4\n\n\n \t", "a, b\n1, 2\n3 ,\t4 \n",
                            "\"a\",\"b\"\n\"1\",\"2\"\n\"3\" , \"4\"\n"}) {
        SCOPED_TRACE(text);
        const Table table = parse(text);
        EXPECT_EQ(table.names(), (Texts{"a", "b"}));
        EXPECT_EQ(table.at("a").numbers(), a);
        EXPECT_EQ(table.at("b").numbers(), b);
    }
}

TEST(ParseCsv, ALineMayBreakInsideQuotes) {
    const Table table = parse("name,x\n\"one\r\ntwo\",1\n");
    EXPECT_EQ(table.at("name").texts()[0], "one\r\ntwo");
    EXPECT_EQ(table.numbers("x")[0], 1);
}

TEST(ParseCsv, AColumnFoundLateToBeTextKeepsItsEarlierCells) {
    const Table table = parse("a,b\n1.50,1\n\n,2\n\"2\",3\n1e400,4\nx,5\n");
    EXPECT_EQ(table.at("a").texts(), (Texts{"1.50", "", "2", "1e400", "x"}));
    EXPECT_EQ(table.at("b").numbers(), (Numbers{1, 2, 3, 4, 5}));
}

TEST(ParseCsv, AHeaderAloneIsATableWithoutRows) {
    const Table table = parse("a,b\n");
    EXPECT_EQ(table.rows(), 0u);
    EXPECT_FALSE(table.at("a").is_text());
}

TEST(ParseCsv, EmptyCellsAreTextOrAnError) {
    EXPECT_EQ(parse("a,b\n,1\n,2\n").at("a").texts(), (Texts{"", ""}));
    EXPECT_EQ(parse("a,b\n1,1\n\"\",2\n").at("a").texts(), (Texts{"1", ""}));
    EXPECT_EQ(refused("a,b\n1,2\n3,\n4,\n"),
              "p.csv:3:3: an empty cell among the numbers of 'b'; write NaN for a missing value");
}

TEST(ParseCsv, RefusesWithPlaceAndWayOut) {
    struct Case {
        std::string text, message;
    };
    const std::vector<Case> cases{
        {"", "p.csv:1:1: the file is empty; expected a first line that names the columns"},
        {" \n\r\n", "p.csv:1:1: the file is empty; expected a first line that names the columns"},
        {"a,b\n1\n", "p.csv:2:2: the row ends after 1 of 2 cells; 'b' is missing"},
        {"a,b\n1,2\n1,2,3\n", "p.csv:3:5: a cell too many; the first line names 2 columns"},
        {"a,b,a\n", "p.csv:1:5: column 3 is named 'a' like one before; rename it"},
        {"a,,c\n", "p.csv:1:3: column 2 has no name; give it one in the first line"},
        {"a,b,\n", "p.csv:1:5: column 3 has no name; give it one in the first line"},
        {"1,2\n3,4\n", "p.csv:1:1: the first line holds numbers; write the names of the columns above it"},
        {"a;b\n1;2\n",
         "p.csv:1:2: expected commas between the cells; save the file as comma-separated values"},
        {"a,b\n1,\"2\n", "p.csv:2:3: this quote is never closed"},
        {"a,b\n\"1\"x,2\n",
         "p.csv:2:4: text behind a closing quote; a quote inside a quoted cell is written twice"},
        {std::string("a,b\n1,\0\n", 8),
         "p.csv:2:3: this is no text in UTF-8; expected comma-separated values"},
        {"a,\xe9t\xe9\n1,2\n", "p.csv:1:3: this is no text in UTF-8; expected comma-separated values"},
        {"\xff\xfe"
         "a\n",
         "p.csv:1:1: this is no text in UTF-8; expected comma-separated values"},
        {"\xc3\xa9,b\r\n\"x\ny\",2\r\n\xc3\xa9,1,2\r\n",
         "p.csv:4:5: a cell too many; the first line names 2 columns"},
    };
    for (const auto& [text, message] : cases) {
        SCOPED_TRACE(text);
        EXPECT_EQ(refused(text), message);
    }
}

TEST(ToCsv, WritesAHeaderAndShortestNumbers) {
    Table table;
    table.set("time", Numbers{0, 0.1});
    table.set("a,b", Texts{"x", " y"});
    EXPECT_EQ(to_csv(table), "time,\"a,b\"\n0,x\n0.1,\" y\"\n");
}

TEST(ToCsv, NamesThatLookLikeDataAreQuoted) {
    Table table;
    table.set("1", Numbers{5});
    EXPECT_EQ(to_csv(table), "\"1\"\n5\n");
    EXPECT_EQ(parse(to_csv(table)).numbers("1")[0], 5);
    Table other;
    other.set("k;1", Numbers{5});
    EXPECT_EQ(parse(to_csv(other)).numbers("k;1")[0], 5);
}

std::uint64_t bits(double x) {
    return std::bit_cast<std::uint64_t>(std::isnan(x) ? nan : x);
}

bool same(const Column& a, const Column& b) {
    if (a.name != b.name || a.is_text() != b.is_text() || a.size() != b.size()) return false;
    if (a.is_text()) return a.texts() == b.texts();
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (bits(a.numbers()[i]) != bits(b.numbers()[i])) return false;
    }
    return true;
}

// Any bytes that make trouble, in any order.
std::string random_text(std::mt19937_64& random) {
    const Texts parts{"a", ",", "\"", "\n", "\r", " ", "\t", ";", "1", "NaN", "\xc3\xa9", ""};
    std::string text;
    for (auto left = random() % 5; left > 0; --left) text += parts[random() % parts.size()];
    return text;
}

Column random_column(std::mt19937_64& random, std::size_t index, std::size_t rows) {
    const std::string name = random_text(random) + char('A' + index);
    if (random() % 2) {
        Numbers numbers(rows);
        for (auto& x : numbers) x = std::bit_cast<double>(random());
        return {name, numbers};
    }
    Texts texts(rows);
    for (auto& text : texts) text = random_text(random);
    texts[random() % rows] = "no number";
    return {name, texts};
}

TEST(ToCsv, RandomTablesReadBackBitForBit) {
    std::mt19937_64 random(1);
    for (int round = 0; round < 500; ++round) {
        Table table;
        const std::size_t rows = 1 + random() % 8, width = 1 + random() % 5;
        for (std::size_t i = 0; i < width; ++i) table.set(random_column(random, i, rows));
        const std::string csv = to_csv(table);
        SCOPED_TRACE(csv);
        const Table back = parse(csv);
        ASSERT_EQ(back.names(), table.names());
        for (std::size_t i = 0; i < width; ++i) ASSERT_TRUE(same(back.columns()[i], table.columns()[i]));
        ASSERT_EQ(to_csv(back), csv);
    }
}

TEST(ParseCsv, AnyBytesGiveATableOrAMessage) {
    std::mt19937_64 random(2);
    const std::string alphabet("ab1,,,\"\"\n\n\r \t;\0\xc3\xa9", 17);
    int tables = 0, messages = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (auto left = random() % 24; left > 0; --left) text += alphabet[random() % alphabet.size()];
        const std::string message = refused(text);
        message.empty() ? ++tables : ++messages;
        EXPECT_TRUE(message.empty() || message.starts_with("p.csv:")) << message;
    }
    EXPECT_GT(tables, 100);
    EXPECT_GT(messages, 100);
}

}  // namespace
}  // namespace rondo
