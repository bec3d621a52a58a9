// csv_cells.h: a CSV or TSV text as cells, one after another: what readers of tables are made of.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

struct CsvCell {
    std::size_t begin, end;  // of what it holds, quotes and blanks around it aside
    bool quoted = false;
    bool doubled = false;  // holds "" for "
};

class CsvCells {
  public:
    CsvCells(std::string_view text, const std::string& name, char separator = ',')
        : text_(text), name_(name), separator_(separator) {}

    // Throws for bytes that no UTF-8 text has.
    void check_text() const;
    // To the next line that is not blank; false if there is none.
    bool next_line();
    // The cell at hand; stops at the separator or line end behind it. Throws for faulty quotes.
    CsvCell next();
    // Over the separator behind a cell; false at the end of the line, which is passed then.
    bool more();

    std::size_t at() const { return at_; }
    void go_to(std::size_t at) { at_ = at; }
    std::string_view bytes(const CsvCell& cell) const {
        return text_.substr(cell.begin, cell.end - cell.begin);
    }
    std::string content(const CsvCell& cell) const;

    // Throws Error(input) "name:line:column: message" for the byte at `at`.
    [[noreturn]] void fail(std::size_t at, const std::string& message) const;

  private:
    CsvCell quoted();
    bool at_end() const { return at_ == text_.size(); }
    bool at_blank() const;

    std::string_view text_;
    const std::string& name_;
    char separator_;
    std::size_t at_ = 0;
};

}  // namespace rondo
