// What each kind of picture draws.
#include <gmock/gmock.h>

#include <cmath>
#include <random>
#include <sstream>

#include "runtime/report/color.h"
#include "runtime/report/frame.h"
#include "runtime/report/plot.h"
#include "runtime/report/png.h"
#include "tests/runtime/report/xml.h"

namespace rondo {
namespace {

using Kind = Plot::Kind;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

Plot plot_of(Kind kind, std::vector<Series> series) {
    Plot plot;
    plot.kind = kind;
    plot.series = std::move(series);
    return plot;
}

// Path data of the first element whose `attribute` is `value`.
std::string path(const Plot& plot, const std::string& attribute, const std::string& value) {
    for (const auto& element : xml::with_tag(xml::read(to_svg(plot)), "path")) {
        const auto found = element.attributes.find(attribute);
        if (found != element.attributes.end() && found->second == value) return element.attributes.at("d");
    }
    return {};
}

std::string line_of(const Plot& plot) {
    return path(plot, "stroke", hex(series_color(0)));
}

TEST(LinePlot, NanAndInfinityBreakTheLine) {
    std::vector<double> x(40), y(40);
    for (std::size_t i = 0; i < 40; ++i) x[i] = y[i] = static_cast<double>(i);
    Plot plot = plot_of(Kind::line, {{"X", x, y, {}}});
    EXPECT_EQ(std::ranges::count(line_of(plot), 'M'), 1);
    plot.series[0].y[10] = NAN;
    plot.series[0].y[20] = INFINITY;
    EXPECT_EQ(std::ranges::count(line_of(plot), 'M'), 3);
    plot.series[0].y[22] = NAN;  // leaves 21 alone
    EXPECT_EQ(std::ranges::count(line_of(plot), 'M'), 4);
    EXPECT_EQ(std::ranges::count(line_of(plot), 'h'), 1);
}

TEST(LinePlot, ManyPointsStaySmallAndKeepTheirExtremes) {
    std::mt19937 generator(1);
    Series noise{"noise", {}, {}, {}};
    for (int i = 0; i < 100000; ++i) {
        noise.x.push_back(i);
        noise.y.push_back(generator() / 4294967296.0);
    }
    noise.y[54321] = 5;  // a spike of one sample is seen
    const Plot plot = plot_of(Kind::line, {noise});
    EXPECT_LT(to_svg(plot).size(), 40000u);
    double highest = 1e9;
    std::istringstream words(line_of(plot).substr(1));
    for (double x, y; words >> x >> y;) highest = std::min(highest, y);
    EXPECT_NEAR(highest, make_frame(plot, 640, 420).at_y(5), 0.051);  // rounded to a tenth
}

TEST(LinePlot, FewPointsAreMarked) {
    EXPECT_NE(path(plot_of(Kind::line, {{"X", {1, 2, 3}, {1, 2, 3}, {}}}), "stroke-width", "6"), "");
    const std::vector<double> many(100, 1.0);
    EXPECT_EQ(path(plot_of(Kind::line, {{"X", many, many, {}}}), "stroke-width", "6"), "");
}

TEST(LinePlot, NotPositiveValuesOnALogAxisAreCounted) {
    Plot plot = plot_of(Kind::line, {{"loss", {1, 2, 3, 4}, {0.1, 0, -1, 0.01}, {}}});
    plot.log_y = true;
    const auto texts = xml::texts(xml::read(to_svg(plot)));
    EXPECT_THAT(texts, Contains("2 values are not positive and not shown"));
    EXPECT_THAT(texts, Contains("0.1"));
    plot.log_y = false;
    EXPECT_THAT(xml::texts(xml::read(to_svg(plot))),
                Not(Contains("2 values are not positive and not shown")));
}

TEST(LinePlot, AConcentrationStartsAtZeroUnlessThatWastesThePicture) {
    EXPECT_EQ(content_of(plot_of(Kind::line, {{"X", {0, 1}, {0.5, 10}, {}}}), 5, 5).y.low, 0);
    EXPECT_GT(content_of(plot_of(Kind::line, {{"X", {0, 1}, {9, 10}, {}}}), 5, 5).y.low, 8.9);
}

TEST(LinePlot, ASingleNameThatTheAxisSaysIsNotRepeated) {
    Plot plot = plot_of(Kind::line, {{"X", {0, 1}, {0, 1}, {}}});
    EXPECT_THAT(xml::texts(xml::read(to_svg(plot))), Contains("X"));
    plot.y_label = "X (mM)";
    EXPECT_THAT(xml::texts(xml::read(to_svg(plot))), Not(Contains("X")));
    plot.series.push_back({"Y", {0, 1}, {1, 0}, {}});
    EXPECT_THAT(xml::texts(xml::read(to_svg(plot))), Contains("X"));
}

TEST(ScatterPlot, OrderOfPointsDoesNotMatter) {
    Plot plot = plot_of(Kind::scatter, {{"", {1, 2, 3, 4}, {4, 1, 3, 2}, {0.1, 0.5, NAN, 0.9}}});
    Plot turned = plot;
    for (auto* column : {&turned.series[0].x, &turned.series[0].y, &turned.series[0].color}) {
        std::ranges::reverse(*column);
    }
    EXPECT_EQ(to_svg(plot), to_svg(turned));
}

TEST(ScatterPlot, ColorsComeFromTheMapAndItsBarIsDrawn) {
    Plot plot = plot_of(Kind::scatter, {{"", {1, 2, 3}, {1, 2, 3}, {0, NAN, 10}}});
    plot.color_label = "frequency";
    EXPECT_NE(path(plot, "stroke", "#440154"), "");
    EXPECT_NE(path(plot, "stroke", "#fde725"), "");
    EXPECT_NE(path(plot, "stroke", hex(color_map({0, 10})[0])), "");
    const auto elements = xml::read(to_svg(plot));
    EXPECT_EQ(xml::with_tag(elements, "image").size(), 1u);
    EXPECT_THAT(xml::texts(elements), Contains("frequency"));
    EXPECT_THAT(xml::texts(elements), Contains("none"));  // the key to grey
}

TEST(ScatterPlot, PointsOnOnePlaceAreDrawnOnce) {
    std::vector<double> x, y;
    for (int i = 0; i < 100000; ++i) {
        x.push_back(i % 10);
        y.push_back(i % 7);
    }
    EXPECT_EQ(std::ranges::count(line_of(plot_of(Kind::scatter, {{"", x, y, {}}})), 'M'), 70);
}

TEST(HeatMap, IsAnImageOfItsCells) {
    Plot plot;
    plot.kind = Kind::heat;
    plot.columns = 3;
    plot.z = {0, 1, 2, 3, 4, NAN};  // the first row is the lower one
    const std::vector<std::uint8_t> cells = {192, 255, 0, 1, 65, 128};
    std::string expected;
    for (const auto& image : xml::with_tag(xml::read(to_svg(plot)), "image")) {
        if (image.number("width") > 50) expected = image.attributes.at("href");
    }
    EXPECT_EQ(expected, data_uri(png(3, cells, color_map({0, 4}))));
}

TEST(HeatMap, TakesAboutOneAndAHalfBytesACell) {
    Plot plot;
    plot.kind = Kind::heat;
    plot.columns = 300;
    for (int i = 0; i < 90000; ++i) plot.z.push_back(std::sin(i * 0.01));
    EXPECT_LT(to_svg(plot).size(), 90000 * 1.34 + 6000);
}

TEST(HeatMap, ItsAxesEndWhereTheGridEnds) {
    Plot plot;
    plot.kind = Kind::heat;
    plot.columns = 2;
    plot.z = {1, 2, 3, 4};
    plot.x1 = 5;
    plot.y1 = 15;
    const Content content = content_of(plot, 5, 3);
    EXPECT_EQ(content.x.high, 5);
    EXPECT_EQ(content.y.high, 15);
    EXPECT_EQ(content.color.low, 1);
    plot.color_low = 0;
    plot.color_high = 10;
    EXPECT_EQ(content_of(plot, 5, 3).color.high, 10);
}

// Reference bytes from the formats: crc32("IEND") of the PNG specification, adler32 of RFC 1950.
TEST(Png, HasTheStructureOfThePngSpecification) {
    const std::vector<std::uint8_t> cells = {1, 2, 3, 4};
    const std::string file = png(2, cells, color_map({0, 1}));
    EXPECT_EQ(file.substr(0, 8), "\x89PNG\r\n\x1a\n");
    EXPECT_EQ(file.substr(file.size() - 12), std::string("\0\0\0\0IEND\xae\x42\x60\x82", 12));
    // zlib header, one last stored block of 6 bytes: filter, two pixels, twice; a = 1 + 10, b = 29 by hand
    const std::string data("\x78\x01\x01\x06\x00\xf9\xff\x00\x01\x02\x00\x03\x04\x00\x1d\x00\x0b", 17);
    EXPECT_NE(file.find("IDAT" + data), file.npos);
}

TEST(Png, DataIsBase64) {
    EXPECT_EQ(data_uri("Man"), "data:image/png;base64,TWFu");
    EXPECT_EQ(data_uri("Ma"), "data:image/png;base64,TWE=");
    EXPECT_EQ(data_uri("M"), "data:image/png;base64,TQ==");
}

TEST(Histogram, CountsEveryValueOnce) {
    Plot plot = plot_of(Kind::histogram, {{"a", {}, {0, 0.5, 1, 1.5, 2, 4, NAN}, {}}});
    plot.bins = 4;
    const Content content = content_of(plot, 5, 5);
    EXPECT_THAT(content.bins.edges, ElementsAre(0, 1, 2, 3, 4));
    EXPECT_THAT(content.bins.counts[0], ElementsAre(2, 2, 1, 1));
}

TEST(Histogram, BinsFollowFreedmanAndDiaconis) {
    std::vector<double> even;  // 1000 values over [0, 1]: IQR 1/2, width 2 * 0.5 / 10
    for (int i = 0; i < 1000; ++i) even.push_back(i / 999.0);
    EXPECT_EQ(content_of(plot_of(Kind::histogram, {{"", {}, even, {}}}), 5, 5).bins.counts[0].size(), 10u);
    const std::vector<double> same(50, 3.0);
    EXPECT_THAT(content_of(plot_of(Kind::histogram, {{"", {}, same, {}}}), 5, 5).bins.counts[0],
                ElementsAre(50));
}

TEST(Histogram, OnALogAxisBinsAreEvenInDecades) {
    Plot plot = plot_of(Kind::histogram, {{"", {}, {1, 10, 100, 1000, 10000, 0, -3}, {}}});
    plot.log_x = true;
    plot.bins = 2;
    const Content content = content_of(plot, 5, 5);
    EXPECT_THAT(content.bins.edges, ElementsAre(1, 100, 10000));
    EXPECT_THAT(content.bins.counts[0], ElementsAre(2, 3));
    EXPECT_EQ(content.hidden, 2u);
}

TEST(Histogram, SamplesShareTheirBins) {
    const Content content =
        content_of(plot_of(Kind::histogram, {{"a", {}, {0, 1, 2}, {}}, {"b", {}, {8, 9, 10}, {}}}), 5, 5);
    EXPECT_EQ(content.bins.edges.front(), 0);
    EXPECT_EQ(content.bins.edges.back(), 10);
    EXPECT_EQ(content.bins.counts[0].size(), content.bins.counts[1].size());
}

TEST(BarPlot, DrawsABarAValueFromZero) {
    Plot plot = plot_of(Kind::bar, {{"", {}, {3, -1, NAN}, {}}});
    plot.categories = {"a", "b", "c"};
    const std::string bars = path(plot, "fill", hex(series_color(0)));
    EXPECT_EQ(std::ranges::count(bars, 'M'), 2);
    const Content content = content_of(plot, 5, 5);
    EXPECT_LT(content.y.low, -1);
    EXPECT_GT(content.y.high, 3);
    EXPECT_THAT(xml::texts(xml::read(to_svg(plot))), Contains("c"));
}

}  // namespace
}  // namespace rondo
