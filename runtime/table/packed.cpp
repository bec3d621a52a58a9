#include "runtime/table/packed.h"

namespace rondo {

namespace {

// In a list of columns name.0, name.1, ...
std::string nth(const std::string& name, std::size_t i) {
    return name + "." + std::to_string(i);
}

}  // namespace

void pack(Table& row, const std::string& name, const std::string& text) {
    row.set(name, std::vector<std::string>{text});
}

void pack(Table& row, const std::string& name, const std::vector<double>& numbers) {
    for (std::size_t i = 0; i < numbers.size(); ++i) row.set(nth(name, i), std::vector<double>{numbers[i]});
}

void pack(Table& row, const std::string& name, const std::vector<std::string>& texts) {
    for (std::size_t i = 0; i < texts.size(); ++i) pack(row, nth(name, i), texts[i]);
}

void pack_rows(Table& table, const std::string& name, const std::vector<std::vector<double>>& lists) {
    for (std::size_t i = 0; !lists.empty() && i < lists.front().size(); ++i) {
        std::vector<double> column;
        for (const auto& list : lists) column.push_back(list[i]);
        table.set(nth(name, i), std::move(column));
    }
}

std::string unpacked_text(const Table& row, const std::string& name) {
    return row.at(name).texts().front();
}

std::vector<double> unpacked_numbers(const Table& row, const std::string& name, std::size_t number) {
    std::vector<double> numbers;
    for (const Column* column; (column = row.find(nth(name, numbers.size())));)
        numbers.push_back(column->numbers()[number]);
    return numbers;
}

std::vector<std::string> unpacked_texts(const Table& row, const std::string& name) {
    std::vector<std::string> texts;
    for (const Column* column; (column = row.find(nth(name, texts.size())));)
        texts.push_back(column->texts().front());
    return texts;
}

}  // namespace rondo
