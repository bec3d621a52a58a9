// What holds for every picture: valid, inside its frame, escaped, the same bytes.
#include <gmock/gmock.h>

#include <cmath>
#include <random>
#include <regex>

#include "dsl/syntax/error.h"
#include "runtime/report/markup.h"
#include "runtime/report/plot.h"
#include "tests/runtime/report/xml.h"

namespace rondo {
namespace {

using Kind = Plot::Kind;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<double> numbers(std::size_t n, double scale, unsigned seed) {
    std::mt19937 generator(seed);
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i) values.push_back(scale * (generator() / 4294967296.0 + 0.01));
    return values;
}

Plot sample(Kind kind, double scale = 1, std::size_t series = 3) {
    Plot plot;
    plot.kind = kind;
    plot.title = "a title that is long enough to need two lines in a narrow picture, at least";
    plot.x_label = "time (s)";
    plot.y_label = "concentration (mM), with a long explanation that does not fit beside the axis";
    plot.color_label = "frequency (1/s)";
    plot.categories = {"short", "a much longer category name that is cut", "third", "fourth name", "5"};
    plot.columns = 12;
    plot.z = numbers(12 * 9, scale, 3);
    plot.z[7] = NAN;
    for (unsigned s = 0; s < series; ++s) {
        const std::size_t n = kind == Kind::bar ? 5 : 60;
        Series one{"species_" + std::to_string(s), numbers(n, scale, 10 + s), numbers(n, scale, 20 + s), {}};
        std::sort(one.x.begin(), one.x.end());
        if (kind == Kind::scatter) one.color = numbers(n, scale, 30 + s);
        plot.series.push_back(one);
    }
    return plot;
}

constexpr Kind kinds[] = {Kind::line, Kind::scatter, Kind::heat, Kind::histogram, Kind::bar};

// Absolute places in path data made of M, L, H, V, Z and "h0".
std::vector<std::pair<double, double>> places(const std::string& d) {
    std::vector<std::pair<double, double>> result;
    std::pair<double, double> at{0, 0};
    const std::regex part("([MLHVZh]?) ?(-?[0-9.]+)?(?: (-?[0-9.]+))?");
    for (std::sregex_iterator i(d.begin(), d.end(), part), end; i != end; ++i) {
        const std::string command = (*i)[1], first = (*i)[2], second = (*i)[3];
        if (command == "Z" || command == "h" || first.empty()) continue;
        if (command == "V")
            at.second = std::stod(first);
        else if (command == "H")
            at.first = std::stod(first);
        else
            at = {std::stod(first), std::stod(second)};
        result.push_back(at);
    }
    return result;
}

struct Box {
    double left, top, right, bottom;
};

Box text_box(const xml::Element& text) {
    const double size = text.number("font-size"), width = text_width(text.text, size);
    const auto anchor = text.attributes.contains("text-anchor") ? text.attributes.at("text-anchor") : "start";
    const double before = anchor == "end" ? width : anchor == "middle" ? width / 2 : 0;
    if (!text.attributes.contains("transform")) {
        const double x = text.number("x") - before, y = text.number("y");
        return {x, y - 0.75 * size, x + width, y + 0.2 * size};
    }
    std::smatch m;
    const std::regex turn("translate\\(([-0-9.]+) ([-0-9.]+)\\) rotate\\((-[0-9]+)\\)");
    EXPECT_TRUE(std::regex_match(text.attributes.at("transform"), m, turn));
    const double x = std::stod(m[1]), y = std::stod(m[2]), angle = std::stod(m[3]) * std::acos(-1.0) / 180;
    const double x0 = x - before * std::cos(angle), x1 = x0 + width * std::cos(angle);
    const double y0 = y - before * std::sin(angle), y1 = y0 + width * std::sin(angle);
    const double ascent = 0.75 * size * -std::sin(angle);
    return {std::min(x0, x1) - ascent, std::min(y0, y1), std::max(x0, x1), std::max(y0, y1)};
}

void expect_inside(const Box& box, int width, int height) {
    EXPECT_GE(box.left, 0);
    EXPECT_GE(box.top, 0);
    EXPECT_LE(box.right, width);
    EXPECT_LE(box.bottom, height);
}

void expect_valid(const Plot& plot, int width, int height) {
    const auto elements = xml::read(to_svg(plot, width, height));
    for (const xml::Element& element : elements) {
        SCOPED_TRACE(element.tag + " " + element.text);
        if (element.tag == "path") {
            for (const auto& [x, y] : places(element.attributes.at("d"))) {
                expect_inside({x, y, x, y}, width, height);
            }
        } else if (element.tag == "text") {
            expect_inside(text_box(element), width, height);
        } else if (element.tag == "image" || element.tag == "rect") {
            const bool all = !element.attributes.contains("x");
            const double x = all ? 0 : element.number("x"), y = all ? 0 : element.number("y");
            expect_inside({x, y, x + element.number("width"), y + element.number("height")}, width, height);
        }
    }
}

TEST(Svg, EverythingLiesInsideThePicture) {
    for (const Kind kind : kinds) {
        for (const double scale : {1.0, 1e-7, 3e9}) {
            for (const auto& [width, height] : {std::pair{320, 240}, {480, 350}, {640, 420}, {1000, 300}}) {
                for (const bool log : {false, true}) {
                    SCOPED_TRACE(std::to_string(static_cast<int>(kind)) + " at " + std::to_string(width) +
                                 (log ? " log" : ""));
                    Plot plot = sample(kind, scale);
                    plot.log_x = plot.log_y = log;
                    plot.x0 = plot.y0 = 0.01;
                    expect_valid(plot, width, height);
                }
            }
        }
    }
}

TEST(Svg, TextsDoNotCoverOneAnother) {
    for (const Kind kind : kinds) {
        for (const auto& [width, height] : {std::pair{320, 240}, {480, 350}, {800, 420}}) {
            std::vector<std::pair<std::string, Box>> boxes;
            for (const auto& text :
                 xml::with_tag(xml::read(to_svg(sample(kind, 1e7, 9), width, height)), "text")) {
                const auto turned = text.attributes.find("transform");
                if (turned != text.attributes.end() && turned->second.ends_with("rotate(-35)")) continue;
                boxes.emplace_back(text.text, text_box(text));
            }
            for (std::size_t i = 0; i < boxes.size(); ++i) {
                for (std::size_t j = 0; j < i; ++j) {
                    const Box &a = boxes[i].second, &b = boxes[j].second;
                    const bool apart =
                        a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
                    EXPECT_TRUE(apart) << "'" << boxes[i].first << "' covers '" << boxes[j].first
                                       << "' in kind " << static_cast<int>(kind) << " at width " << width;
                }
            }
        }
    }
}

TEST(Svg, NamesAreEscapedAndKept) {
    const std::string nasty = "<b>&\"x\" 'y' µ\x01\xff";
    for (const Kind kind : kinds) {
        Plot plot = sample(kind, 1, 2);
        plot.title = plot.x_label = plot.y_label = plot.color_label = plot.categories[0] = nasty;
        for (Series& series : plot.series) series.name = nasty;
        const auto elements = xml::read(to_svg(plot));
        EXPECT_THAT(xml::texts(elements), Contains("<b>&\"x\" 'y' µ��"));
        EXPECT_TRUE(elements[0].attributes.at("aria-label").starts_with("<b>&\"x\" 'y' µ��"));
    }
}

TEST(Svg, SaysWhatItShows) {
    Plot plot = sample(Kind::line, 1, 2);
    plot.title = "one run";
    const auto elements = xml::read(to_svg(plot, 300, 200));
    EXPECT_EQ(elements[0].tag, "svg");
    EXPECT_EQ(elements[0].attributes.at("viewBox"), "0 0 300 200");
    EXPECT_EQ(elements[0].attributes.at("role"), "img");
    EXPECT_EQ(elements[1].tag, "title");
    EXPECT_EQ(elements[1].text, "one run: line plot of species_0, species_1 against time (s)");
}

TEST(Svg, SamePlotSameBytes) {
    for (const Kind kind : kinds) EXPECT_EQ(to_svg(sample(kind)), to_svg(sample(kind)));
}

TEST(Svg, WithoutDataItSaysSo) {
    for (const Kind kind : kinds) {
        Plot plot;
        plot.kind = kind;
        plot.title = "nothing";
        EXPECT_THAT(xml::texts(xml::read(to_svg(plot))), Contains("no data"));
        plot.series = {{"X", {1, 2}, {NAN, INFINITY}, {}}};
        plot.categories = {"a", "b"};
        plot.z = {NAN, NAN};
        plot.columns = 2;
        EXPECT_THAT(xml::texts(xml::read(to_svg(plot))), Contains("no data"));
        expect_valid(plot, 640, 420);
    }
    EXPECT_THAT(xml::texts(xml::read(to_svg(sample(Kind::line)))), Not(Contains("no data")));
}

TEST(Svg, AWholeLegendFitsOrSaysHowManyAreMissing) {
    EXPECT_THAT(to_svg(sample(Kind::line, 1, 9)), Not(HasSubstr(" more<")));
    Plot plot = sample(Kind::line, 1, 60);
    std::size_t named = 0, more = 0;
    for (const std::string& text : xml::texts(xml::read(to_svg(plot)))) {
        named += text.starts_with("species_");
        if (text.starts_with("+ ")) more = std::stoul(text.substr(2));
    }
    EXPECT_GE(named, 10u);
    EXPECT_EQ(named + more, 60u);
    expect_valid(plot, 640, 420);
}

TEST(Svg, PartsThatDoNotFitTogetherAreRefused) {
    const auto message = [](const Plot& plot) {
        try {
            to_svg(plot);
        } catch (const Error& error) {
            EXPECT_EQ(error.fault(), Fault::input);
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    Plot lines;
    lines.series = {{"X", {1, 2, 3}, {1}, {}}};
    EXPECT_EQ(message(lines), "plot: series 'X' has 3 values of x and 1 of y; they must be as many");
    Plot colors;
    colors.kind = Kind::scatter;
    colors.series = {{"X", {1, 2}, {1, 2}, {1}}};
    EXPECT_EQ(message(colors), "plot: series 'X' has 2 points and 1 color value; they must be as many");
    Plot bars;
    bars.kind = Kind::bar;
    bars.series = {{"rmse", {}, {1, 2}, {}}};
    EXPECT_EQ(message(bars),
              "plot: series 'rmse' has 2 bars and the plot 0 category names; they must be as many");
    Plot heat;
    heat.kind = Kind::heat;
    heat.z = {1, 2, 3, 4, 5};
    heat.columns = 2;
    EXPECT_EQ(message(heat), "plot: a heat map of 5 values has no whole rows of 2 columns");
    heat.columns = 5;
    heat.x1 = heat.x0;
    EXPECT_THAT(message(heat), HasSubstr("low before high"));
    heat.x1 = 5;
    heat.color_low = 3;
    EXPECT_EQ(message(heat), "plot: color_low must be below color_high, and both finite");
}

}  // namespace
}  // namespace rondo
