// bytes.cpp: tables as bytes, little-endian:
//
//   "RondoTab" | version u32 | columns u64 | rows u64 | column...
//   column: name | kind u8 (0 numbers, 1 text) | rows x f64, or rows x text
//   name, text: length u64 | bytes
#include "runtime/table/bytes.h"

#include <bit>
#include <cstdint>
#include <cstring>

#include "dsl/syntax/error.h"

namespace rondo {

static_assert(std::endian::native == std::endian::little, "tables are written as they lie in memory");

namespace {

constexpr std::string_view magic = "RondoTab";
constexpr std::uint32_t version = 1;

template <class T>
void put(std::string& bytes, T value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void put(std::string& bytes, const std::string& text) {
    put(bytes, std::uint64_t(text.size()));
    bytes += text;
}

void put(std::string& bytes, const Column& column) {
    put(bytes, column.name);
    put(bytes, std::uint8_t(column.is_text()));
    if (column.is_text()) {
        for (const auto& text : column.texts()) put(bytes, text);
    } else {
        const auto& numbers = column.numbers();
        bytes.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(double));
    }
}

[[noreturn]] void fail(const std::string& what) {
    throw Error(Fault::input, "cannot read a stored table: " + what);
}

class Reader {
  public:
    explicit Reader(std::string_view bytes) : left_(bytes) {}
    std::string_view take(std::uint64_t count) {
        if (count > left_.size()) fail("its bytes end early");
        const auto taken = left_.substr(0, count);
        left_.remove_prefix(count);
        return taken;
    }
    template <class T>
    T number() {
        T value;
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }
    std::string text() { return std::string(take(number<std::uint64_t>())); }
    std::size_t left() const { return left_.size(); }

  private:
    std::string_view left_;
};

std::vector<double> read_numbers(Reader& reader, std::uint64_t rows) {
    if (rows > reader.left() / sizeof(double)) fail("its bytes end early");
    std::vector<double> numbers(rows);
    if (rows) std::memcpy(numbers.data(), reader.take(rows * sizeof(double)).data(), rows * sizeof(double));
    return numbers;
}

std::vector<std::string> read_texts(Reader& reader, std::uint64_t rows) {
    std::vector<std::string> texts;
    for (std::uint64_t i = 0; i < rows; ++i) texts.push_back(reader.text());
    return texts;
}

}  // namespace

bool is_table(std::string_view bytes) {
    return bytes.starts_with(magic);
}

std::string to_bytes(const Table& table) {
    std::string bytes(magic);
    put(bytes, version);
    put(bytes, std::uint64_t(table.width()));
    put(bytes, std::uint64_t(table.rows()));
    for (const auto& column : table.columns()) put(bytes, column);
    return bytes;
}

Table table_from_bytes(std::string_view bytes) {
    Reader reader(bytes);
    if (!is_table(bytes)) fail("this is none");
    reader.take(magic.size());
    if (const auto given = reader.number<std::uint32_t>(); given != version) {
        fail("it has version " + std::to_string(given) + "; this Rondo reads version " +
             std::to_string(version));
    }
    const auto width = reader.number<std::uint64_t>(), rows = reader.number<std::uint64_t>();
    Table table;
    for (std::uint64_t i = 0; i < width; ++i) {
        std::string name = reader.text();
        if (reader.number<std::uint8_t>() == 0) {
            table.set(std::move(name), read_numbers(reader, rows));
        } else {
            table.set(std::move(name), read_texts(reader, rows));
        }
    }
    if (reader.left()) fail("there is more behind its end");
    return table;
}

}  // namespace rondo
