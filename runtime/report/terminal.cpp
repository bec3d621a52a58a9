// A line plot in braille characters, each 2 x 4 dots:  y label
//                                                    4 ┤⡠⠊⠉⠢  X
//                                                    0 ┤⣀⣀⣀⣀  Y
//                                                      └┬───┬
//                                                       0   5
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "dsl/syntax/error.h"
#include "runtime/report/content.h"
#include "runtime/report/markup.h"
#include "runtime/report/report.h"

namespace rondo {
namespace {

struct Dot {
    int x, y;  // from the top left
    bool operator==(const Dot&) const = default;
};

class Canvas {
  public:
    Canvas(int columns, int rows)
        : columns_(columns),
          rows_(rows),
          cells_(static_cast<std::size_t>(columns * rows)),
          owners_(cells_.size()) {}

    int columns() const { return columns_; }
    int rows() const { return rows_; }

    // The dot of a place in [0, 1] x [0, 1], whose origin is at the bottom left.
    Dot at(double x, double y) const {
        return {static_cast<int>(std::lround(x * (columns_ * 2 - 1))),
                static_cast<int>(std::lround((1 - y) * (rows_ * 4 - 1)))};
    }

    void set(Dot dot, std::size_t series) {
        // Unicode numbers the dots of a braille cell 1 to 6 by columns, then 7 and 8 below
        constexpr unsigned bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
        const auto cell = static_cast<std::size_t>(dot.y / 4 * columns_ + dot.x / 2);
        cells_[cell] |= bits[dot.y % 4][dot.x % 2];
        owners_[cell] = series;
    }

    void line(Dot a, Dot b, std::size_t series) {
        const int steps = std::max({std::abs(b.x - a.x), std::abs(b.y - a.y), 1});
        for (int i = 0; i <= steps; ++i) {
            const double part = static_cast<double>(i) / steps;
            set({static_cast<int>(std::lround(a.x + part * (b.x - a.x))),
                 static_cast<int>(std::lround(a.y + part * (b.y - a.y)))},
                series);
        }
    }

    // The character of a cell and the series drawn there last; U' ' if none.
    std::pair<char32_t, std::size_t> cell(int column, int row) const {
        const auto i = static_cast<std::size_t>(row * columns_ + column);
        return {cells_[i] ? 0x2800 + cells_[i] : U' ', owners_[i]};
    }

  private:
    int columns_, rows_;
    std::vector<unsigned> cells_;
    std::vector<std::size_t> owners_;
};

std::string painted(const std::string& text, std::size_t series, bool color) {
    constexpr int codes[] = {32, 166, 36, 175, 178, 74, 245};  // nearest to series_color in 256 colours
    const bool blank = text.find_first_not_of(' ') == text.npos;
    return color && !blank ? "\x1b[38;5;" + std::to_string(codes[series % 7]) + "m" + text + "\x1b[0m" : text;
}

// Characters on screen, as far as text without double-width letters goes.
int columns_of(const std::string& text) {
    return static_cast<int>(decode(text).size());
}

std::string cut(const std::string& text, int columns) {
    const std::u32string letters = decode(text);
    if (static_cast<int>(letters.size()) <= columns) return encode(letters);
    return encode(letters.substr(0, static_cast<std::size_t>(std::max(columns - 1, 0)))) + "…";
}

// A tick's label in one line, with the minus sign that every terminal has.
std::string plain(const Tick& tick) {
    std::string text = tick.exponent.empty() ? tick.label : tick.label + "^" + tick.exponent;
    const std::string minus = "−";
    for (auto at = text.find(minus); at != text.npos; at = text.find(minus))
        text.replace(at, minus.size(), "-");
    return text;
}

void draw(const Plot& plot, const Content& content, Canvas& canvas) {
    for (std::size_t s = 0; s < plot.series.size(); ++s) {
        const Series& series = plot.series[s];
        bool connected = false;
        Dot previous{};
        for (std::size_t i = 0; i < series.y.size(); ++i) {
            const bool shown = drawable(series.x[i], content.x.log) && drawable(series.y[i], content.y.log);
            if (shown) {
                const Dot dot = canvas.at(content.x(series.x[i]), content.y(series.y[i]));
                canvas.line(connected ? previous : dot, dot, s);
                previous = dot;
            }
            connected = shown && plot.kind == Plot::Kind::line;
        }
    }
}

// Which series is named at the right of each row: beside its last point, or the nearest free row. -1: none.
std::vector<int> name_rows(const Plot& plot, const Content& content, const Canvas& canvas) {
    std::vector<int> rows(static_cast<std::size_t>(canvas.rows()), -1);
    for (std::size_t s = 0; s < plot.series.size(); ++s) {
        const Series& series = plot.series[s];
        if (series.name.empty()) continue;
        const auto last = std::find_if(series.y.rbegin(), series.y.rend(),
                                       [&](double y) { return drawable(y, content.y.log); });
        if (last == series.y.rend()) continue;
        const int home = canvas.at(0, content.y(*last)).y / 4;
        int best = -1;
        for (int row = 0; row < canvas.rows(); ++row) {
            if (rows[row] < 0 && (best < 0 || std::abs(row - home) < std::abs(best - home))) best = row;
        }
        if (best >= 0) rows[best] = static_cast<int>(s);
    }
    return rows;
}

std::string with_factor(const std::string& label, int factor) {
    if (factor == 0) return label;
    return label + (label.empty() ? "" : " ") + "(×10^" + std::to_string(factor) + ")";
}

std::string indented(int columns, const std::string& text) {
    return std::string(static_cast<std::size_t>(std::max(columns, 0)), ' ') + text;
}

// The characters of a row; neighbours of one series share one change of colour.
std::string cells(const Canvas& canvas, int row, bool color) {
    std::string line;
    std::u32string run;
    std::size_t owner = 0;
    for (int column = 0; column < canvas.columns(); ++column) {
        const auto [letter, series] = canvas.cell(column, row);
        if (letter != U' ' && series != owner) {
            line += painted(encode(run), owner, color);
            run.clear();
            owner = series;
        }
        run += letter;
    }
    return line + painted(encode(run), owner, color);
}

std::string draw_rows(const Plot& plot, const Content& content, const Canvas& canvas, int margin, int names,
                      bool color) {
    std::vector<std::string> labels(static_cast<std::size_t>(canvas.rows()));
    for (const Tick& tick : content.y.ticks) labels[canvas.at(0, content.y(tick.value)).y / 4] = plain(tick);
    const std::vector<int> named = name_rows(plot, content, canvas);
    std::string result;
    for (int row = 0; row < canvas.rows(); ++row) {
        const std::string& label = labels[row];
        std::string line = indented(margin - columns_of(label), label) + (label.empty() ? " │" : " ┤");
        line += cells(canvas, row, color);
        if (named[row] >= 0) {
            const auto series = static_cast<std::size_t>(named[row]);
            line += " " + painted(cut(plot.series[series].name, names), series, color);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        result += line + "\n";
    }
    return result;
}

std::string draw_x_axis(const Plot& plot, const Content& content, int columns, int margin) {
    std::u32string axis(static_cast<std::size_t>(columns), U'─');
    std::u32string labels(static_cast<std::size_t>(margin + columns + 8), U' ');
    for (const Tick& tick : content.x.ticks) {
        const int column = static_cast<int>(std::lround(content.x(tick.value) * (columns - 1)));
        const std::u32string label = decode(plain(tick));
        const int begin = margin + 2 + column - static_cast<int>(label.size()) / 2;
        axis[static_cast<std::size_t>(column)] = U'┬';
        const auto end = static_cast<std::size_t>(begin) + label.size();
        if (begin >= 0 && end <= labels.size())
            labels.replace(static_cast<std::size_t>(begin), label.size(), label);
    }
    labels.erase(labels.find_last_not_of(U' ') + 1);
    std::string result = indented(margin + 1, "└") + encode(axis) + "\n" + encode(labels) + "\n";
    const std::string name = cut(with_factor(plot.x_label, content.x.factor), columns);
    if (name.empty()) return result;
    return result + indented(margin + 2 + (columns - columns_of(name)) / 2, name) + "\n";
}

}  // namespace

std::string to_terminal(const Plot& plot, int width, int height, bool color) {
    if (plot.kind != Plot::Kind::line && plot.kind != Plot::Kind::scatter) {
        throw Error(Fault::input,
                    "plot: a terminal shows line and scatter plots only; use report() for others");
    }
    const Content content = content_of(plot, std::max(2, width / 12), std::max(2, height / 4));
    int margin = 0, names = 0;
    for (const Tick& tick : content.y.ticks) margin = std::max(margin, columns_of(plain(tick)));
    for (const Series& series : plot.series) names = std::clamp(columns_of(series.name), names, 16);

    const std::string title = cut(plot.title, width);
    const std::string y_label = cut(with_factor(plot.y_label, content.y.factor), width);
    const bool x_label = !plot.x_label.empty() || content.x.factor;
    const int rows = height - !title.empty() - !y_label.empty() - x_label - 2;
    Canvas canvas(std::max(10, width - margin - names - 3), std::max(3, rows));
    draw(plot, content, canvas);

    std::string result;
    if (!title.empty()) result += indented((width - columns_of(title)) / 2, title) + "\n";
    if (content.empty) return result + "no data\n";
    if (!y_label.empty()) result += y_label + "\n";
    return result + draw_rows(plot, content, canvas, margin, names, color) +
           draw_x_axis(plot, content, canvas.columns(), margin);
}

}  // namespace rondo
