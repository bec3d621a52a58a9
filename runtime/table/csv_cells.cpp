// csv_cells.cpp: where cells begin and end, and what no CSV may hold.
#include "runtime/table/csv_cells.h"

#include <cstdint>
#include <cstring>

#include "dsl/syntax/error.h"

namespace rondo {

namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
bool is_line_end(char c) {
    return c == '\n' || c == '\r';
}
bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// Bytes of the UTF-8 character that `text` starts with; 0 if it starts with none, or with a zero byte.
std::size_t character_length(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead == 0     ? 0
                               : lead < 0x80 ? 1
                               : lead < 0xc2 ? 0
                               : lead < 0xe0 ? 2
                               : lead < 0xf0 ? 3
                               : lead < 0xf5 ? 4
                                             : 0;
    if (length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if (!continues(text[i])) return 0;
    }
    return length;
}

// Whether all eight bytes are ASCII and none is zero: nearly all of any table is.
bool plain_eight(const char* bytes) {
    std::uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    return ((word | (word - 0x0101010101010101)) & 0x8080808080808080) == 0;
}

}  // namespace

// Lines and columns are counted only here: an error is worth a second walk, a cell is not.
void CsvCells::fail(std::size_t at, const std::string& message) const {
    std::size_t line = 1, column = 1;
    for (std::size_t i = 0; i < at; ++i) {
        const bool half = text_[i] == '\r' && i + 1 < text_.size() && text_[i + 1] == '\n';
        if (is_line_end(text_[i]) && !half) {
            ++line;
            column = 1;
        } else if (!continues(text_[i])) {
            ++column;
        }
    }
    throw Error(Fault::input,
                name_ + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + message);
}

void CsvCells::check_text() const {
    for (std::size_t i = 0; i < text_.size();) {
        if (i + 8 <= text_.size() && plain_eight(text_.data() + i)) {
            i += 8;
            continue;
        }
        const std::size_t length = character_length(text_.substr(i));
        if (length == 0) fail(i, "this is no text in UTF-8; expected comma-separated values");
        i += length;
    }
}

bool CsvCells::next_line() {
    std::size_t at = at_;
    while (at < text_.size() && (is_blank(text_[at]) || is_line_end(text_[at]))) {
        if (is_line_end(text_[at++])) at_ = at;
    }
    return at < text_.size();
}

bool CsvCells::at_blank() const {
    return !at_end() && is_blank(text_[at_]) && text_[at_] != separator_;
}

CsvCell CsvCells::next() {
    while (at_blank()) ++at_;
    if (!at_end() && text_[at_] == '"') return quoted();
    CsvCell cell{at_, at_};
    while (!at_end() && text_[at_] != separator_ && !is_line_end(text_[at_])) ++at_;
    cell.end = at_;
    while (cell.end > cell.begin && is_blank(text_[cell.end - 1])) --cell.end;
    return cell;
}

CsvCell CsvCells::quoted() {
    const std::size_t open = at_++;
    CsvCell cell{at_, at_, true};
    for (;;) {
        at_ = text_.find('"', at_);
        if (at_ == text_.npos) fail(open, "this quote is never closed");
        if (text_.substr(at_ + 1, 1) != "\"") break;
        cell.doubled = true;
        at_ += 2;
    }
    cell.end = at_++;
    while (at_blank()) ++at_;
    if (!at_end() && text_[at_] != separator_ && !is_line_end(text_[at_])) {
        fail(at_, "text behind a closing quote; a quote inside a quoted cell is written twice");
    }
    return cell;
}

bool CsvCells::more() {
    if (at_end()) return false;
    const char passed = text_[at_++];
    if (passed == separator_) return true;
    if (passed == '\r' && !at_end() && text_[at_] == '\n') ++at_;
    return false;
}

std::string CsvCells::content(const CsvCell& cell) const {
    std::string text(bytes(cell));
    if (!cell.doubled) return text;
    for (auto at = text.find('"'); at != text.npos; at = text.find('"', at + 1)) text.erase(at, 1);
    return text;
}

}  // namespace rondo
