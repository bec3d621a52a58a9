#include "runtime/report/axis.h"

#include <gmock/gmock.h>

#include <set>

#include "runtime/report/color.h"
#include "runtime/report/markup.h"

namespace rondo {
namespace {

std::string spoken(const PlotAxis& axis) {
    std::string result;
    for (const Tick& tick : axis.ticks) {
        result +=
            (result.empty() ? "" : " ") + tick.label + (tick.exponent.empty() ? "" : "^" + tick.exponent);
    }
    if (axis.factor) result += " e" + std::to_string(axis.factor);
    return result;
}

TEST(PlotAxis, TicksAreOneTwoOrFiveTimesAPowerOfTen) {
    struct Case {
        double low, high;
        int wanted;
        const char* ticks;
    };
    for (const auto& [low, high, wanted, ticks] :
         {Case{0, 10, 5, "0 2 4 6 8 10"}, Case{0, 10, 4, "0 5 10"}, Case{0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0"},
          Case{-3, 7, 5, "−2 0 2 4 6"}, Case{0.13, 0.87, 4, "0.2 0.4 0.6 0.8"},
          Case{0, 0.05, 5, "0.00 0.01 0.02 0.03 0.04 0.05"}, Case{0, 5000, 5, "0 1000 2000 3000 4000 5000"},
          Case{0, 40000, 4, "0 10000 20000 30000 40000"}, Case{0, 1e6, 5, "0.0 0.2 0.4 0.6 0.8 1.0 e6"},
          Case{99990, 100000, 5, "99990 99992 99994 99996 99998 100000"}, Case{0, 4e-7, 4, "0 1 2 3 4 e-7"},
          Case{-2e9, 2e9, 4, "−2 −1 0 1 2 e9"}}) {
        SCOPED_TRACE(std::to_string(low) + " to " + std::to_string(high));
        EXPECT_EQ(spoken(make_axis({low, high}, false, wanted)), ticks);
    }
}

TEST(PlotAxis, LogTicksAreDecadesAndLessWhereThereIsRoom) {
    struct Case {
        double low, high;
        int wanted;
        const char* ticks;
    };
    for (const auto& [low, high, wanted, ticks] :
         {Case{1, 1000, 5, "1 10 100 1000"}, Case{1e-6, 1e6, 4, "10^−4 10^0 10^4"},
          Case{0.01, 10, 12, "0.01 0.02 0.05 0.1 0.2 0.5 1 2 5 10"},
          Case{2e-8, 3e-6, 6, "2×10^−8 5×10^−8 10^−7 2×10^−7 5×10^−7 10^−6 2×10^−6"},
          Case{2, 4, 4, "2.0 2.5 3.0 3.5 4.0"}}) {
        SCOPED_TRACE(std::to_string(low) + " to " + std::to_string(high));
        EXPECT_EQ(spoken(make_axis({low, high}, true, wanted)), ticks);
    }
}

TEST(PlotAxis, EveryTickIsOnTheAxisAndDiffersInItsDigits) {
    for (const bool log : {false, true}) {
        for (double low = 1e-12; low < 1e12; low *= 7.3) {
            for (const double length : {1e-9, 1e-3, 0.4, 2.0, 1e3, 1e7}) {
                SCOPED_TRACE(std::to_string(low) + " times 1 to " + std::to_string(1 + length));
                const PlotAxis axis = make_axis({low, low * (1 + length)}, log, 6);
                EXPECT_GE(axis.ticks.size(), 2u);
                EXPECT_LE(axis.ticks.size(), 14u);
                std::set<std::string> labels;
                for (const Tick& tick : axis.ticks) {
                    EXPECT_GE(axis(tick.value), -1e-6);
                    EXPECT_LE(axis(tick.value), 1 + 1e-6);
                    labels.insert(tick.label + "^" + tick.exponent);
                }
                EXPECT_EQ(labels.size(), axis.ticks.size());
            }
        }
    }
}

TEST(PlotAxis, DegenerateRangesAreWidened) {
    for (const double value : {0.0, 1e-310, -3.0, 1e6, 1e299}) {
        SCOPED_TRACE(value);
        const PlotAxis axis = make_axis({value, value}, false, 5);
        EXPECT_LT(axis.low, value);
        EXPECT_GT(axis.high, value);
        EXPECT_GE(axis.ticks.size(), 2u);
    }
    EXPECT_EQ(spoken(make_axis({}, false, 2)), "0.0 0.5 1.0");
    EXPECT_EQ(spoken(make_axis({10, 10}, true, 4)), "5 10 20");
}

TEST(PlotAxis, PlacesValuesEvenlyInTheirOwnMeasure) {
    EXPECT_DOUBLE_EQ(make_axis({2, 6}, false, 4)(3), 0.25);
    EXPECT_DOUBLE_EQ(make_axis({1, 10000}, true, 4)(10), 0.25);
    const Limits padded = pad({1, 100}, true, 0.5, 0);
    EXPECT_DOUBLE_EQ(padded.low, 0.1);
    EXPECT_DOUBLE_EQ(padded.high, 100);
}

TEST(PlotAxis, WhatIsNotFiniteOrNotPositiveOnALogAxisCannotBeDrawn) {
    EXPECT_TRUE(drawable(-1, false));
    for (const double value : std::vector<double>{-1.0, 0.0, NAN, INFINITY})
        EXPECT_FALSE(drawable(value, true)) << value;
    for (const double value : std::vector<double>{NAN, INFINITY, -INFINITY, 1e305})
        EXPECT_FALSE(drawable(value, false)) << value;
}

TEST(ColorMap, RunsFromDarkToLightAndKeepsGreyForNoValue) {
    const ColorMap& map = color_map({0, 2});
    const auto light = [&](std::size_t i) {
        return 0.2126 * map[i].red + 0.7152 * map[i].green + 0.0722 * map[i].blue;
    };
    for (std::size_t i = 2; i < 256; ++i) EXPECT_GE(light(i), light(i - 1) - 0.8) << i;
    EXPECT_EQ(hex(map[1]), "#440154");
    EXPECT_EQ(hex(map[255]), "#fde725");
    EXPECT_EQ(color_index(NAN, {0, 2}), 0);
    EXPECT_EQ(color_index(-5, {0, 2}), 1);
    EXPECT_EQ(color_index(1, {0, 2}), 128);
    EXPECT_EQ(color_index(7, {0, 2}), 255);
}

TEST(ColorMap, ASymmetricRangeIsNearWhiteAtZero) {
    EXPECT_EQ(hex(color_map({-3, 3})[color_index(0, {-3, 3})]), "#f7f7f7");
    EXPECT_NE(hex(color_map({-3, 2.9})[128]), "#f7f7f7");
}

TEST(Markup, AnyBytesBecomeValidText) {
    struct Case {
        std::string bytes, escaped;
    };
    for (const auto& [bytes, escaped] :
         {Case{"a<b>&\"c\"", "a&lt;b&gt;&amp;&quot;c&quot;"}, Case{"µ→∅ \U0001F9EC", "µ→∅ \U0001F9EC"},
          Case{"a\x01z\x7f", "a�z�"}, Case{"\xff\xc3", "��"}, Case{"\xc0\xaf", "��"},
          Case{"\xed\xa0\x80", "�"}, Case{"\xe2\x82", "��"}, Case{std::string("a\0b", 3), "a�b"}}) {
        EXPECT_EQ(escape(bytes), escaped);
    }
}

TEST(Markup, NumbersAreShort) {
    EXPECT_EQ(coordinate(12.34), "12.3");
    EXPECT_EQ(coordinate(12.04), "12");
    EXPECT_EQ(coordinate(-0.01), "0");
    EXPECT_EQ(six_digits(0.1234567), "0.123457");
    EXPECT_EQ(six_digits(1e-7), "1e-07");
    EXPECT_EQ(six_digits(-INFINITY), "-INF");
}

TEST(Markup, TextIsCutToAWidth) {
    EXPECT_EQ(shorten("time", 100, 12), "time");
    const std::string cut = shorten("a name that is much too long", 80, 12);
    EXPECT_TRUE(cut.ends_with("…"));
    EXPECT_LE(text_width(cut, 12), 80);
    EXPECT_GT(text_width(cut, 12), 65);
}

}  // namespace
}  // namespace rondo
