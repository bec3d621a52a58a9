#include <gmock/gmock.h>

#include <regex>

#include "runtime/report/report.h"
#include "tests/runtime/report/xml.h"

namespace rondo {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The page without what HTML writes differently from XML.
std::vector<xml::Element> read_page(std::string page) {
    const std::string doctype = "<!DOCTYPE html>\n";
    EXPECT_TRUE(page.starts_with(doctype));
    page.erase(0, doctype.size());
    return xml::read(std::regex_replace(page, std::regex("<meta[^>]*>"), ""));
}

Plot line() {
    Plot plot;
    plot.title = "one run";
    plot.series = {{"X", {0, 1, 2}, {1, 3, 2}, {}}};
    return plot;
}

Table numbered(std::size_t rows) {
    std::vector<double> a;
    std::vector<std::string> kind;
    for (std::size_t i = 0; i < rows; ++i) {
        a.push_back(static_cast<double>(i) / 3);
        kind.push_back(i % 2 ? "odd" : "<even>");
    }
    Table table;
    table.set("a", a);
    table.set("kind & more", kind);
    return table;
}

const std::vector<ReportBlock> blocks = {ReportText{"What <was> found.\n\nAnd & why."}, ReportPlots{{line()}},
                                         ReportPlots{{line(), line(), line()}},
                                         ReportTable{"Labels <1>", numbered(120)},
                                         ReportPairs{"Manifest", {{"study", "a<b>.rondo"}, {"seed", ""}}}};

TEST(Html, IsWellFormedAndKeepsEveryBlock) {
    const auto page = read_page(to_html("A & B", blocks));
    EXPECT_EQ(xml::with_tag(page, "title")[0].text, "A & B");
    EXPECT_EQ(xml::with_tag(page, "h1")[0].text, "A & B");
    EXPECT_EQ(xml::with_tag(page, "p")[0].text, "What <was> found.");
    EXPECT_EQ(xml::with_tag(page, "p")[1].text, "And & why.");
    EXPECT_EQ(xml::with_tag(page, "svg").size(), 4u);
    EXPECT_EQ(xml::with_tag(page, "h2")[0].text, "Labels <1>");
    EXPECT_EQ(xml::with_tag(page, "tr").size(), 1u + 20u + 2u);
    EXPECT_EQ(xml::with_tag(page, "td").back().text, "");
}

TEST(Html, NeedsNoNetworkAndNoScript) {
    const std::string page = to_html("t", blocks);
    EXPECT_THAT(page, Not(HasSubstr("<script")));
    EXPECT_THAT(page, Not(HasSubstr("<link")));
    EXPECT_THAT(page, Not(HasSubstr("@import")));
    EXPECT_THAT(page, Not(HasSubstr("url(")));
    for (const auto& element : read_page(page)) {
        for (const char* name : {"src", "href"}) {
            const auto found = element.attributes.find(name);
            EXPECT_TRUE(found == element.attributes.end() || found->second.starts_with("data:"));
        }
    }
}

TEST(Html, EveryPictureHasAName) {
    for (const auto& svg : xml::with_tag(read_page(to_html("t", blocks)), "svg")) {
        EXPECT_EQ(svg.attributes.at("role"), "img");
        EXPECT_THAT(svg.attributes.at("aria-label"), HasSubstr("one run: line plot of X"));
    }
}

TEST(Html, TablesSayHowMuchIsShown) {
    const auto shape_of = [](std::size_t rows) {
        return xml::with_tag(read_page(to_html("t", {ReportTable{"", numbered(rows)}})), "p").back().text;
    };
    EXPECT_EQ(shape_of(120), "120 rows x 2 columns; the first 20 are shown");
    EXPECT_EQ(shape_of(20), "20 rows x 2 columns");
    EXPECT_EQ(shape_of(1), "1 row x 2 columns");
    EXPECT_EQ(shape_of(0), "0 rows x 2 columns");
}

TEST(Html, SameArgumentsSameBytes) {
    EXPECT_EQ(to_html("t", blocks), to_html("t", blocks));
}

TEST(Html, NothingIsAPageToo) {
    EXPECT_EQ(xml::with_tag(read_page(to_html("", {})), "h1")[0].text, "");
}

}  // namespace
}  // namespace rondo
