#include "runtime/report/png.h"

#include <algorithm>

namespace rondo {
namespace {

// Checksums and framing: RFC 1950 (zlib), RFC 1951 (stored blocks), W3C PNG 2003 (chunks).
std::uint32_t crc(std::string_view bytes) {
    std::uint32_t sum = 0xffffffff;
    for (const char c : bytes) {
        sum ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0);
    }
    return ~sum;
}

std::uint32_t adler(std::string_view bytes) {
    std::uint32_t a = 1, b = 0;
    for (const char c : bytes) {
        a = (a + static_cast<unsigned char>(c)) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

std::string big_endian(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
    return bytes;
}

std::string chunk(const std::string& kind, const std::string& content) {
    return big_endian(static_cast<std::uint32_t>(content.size())) + kind + content +
           big_endian(crc(kind + content));
}

std::string stored(const std::string& bytes) {
    std::string result = "\x78\x01";
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t size = std::min<std::size_t>(bytes.size() - at, 0xffff);
        const bool last = at + size == bytes.size();
        result += last ? '\1' : '\0';
        for (const std::size_t field : {size, ~size}) {
            result += static_cast<char>(field & 0xff);
            result += static_cast<char>(field >> 8 & 0xff);
        }
        result.append(bytes, at, size);
        at += size;
    }
    return result + big_endian(adler(bytes));
}

}  // namespace

std::string png(std::size_t columns, std::span<const std::uint8_t> cells, const ColorMap& colors) {
    const std::size_t rows = cells.size() / columns;
    std::string pixels, palette;
    for (std::size_t row = 0; row < rows; ++row) {
        pixels += '\0';  // no filter
        const auto line = cells.subspan(row * columns, columns);
        pixels.append(line.begin(), line.end());
    }
    for (const Rgb color : colors) {
        for (const std::uint8_t part : {color.red, color.green, color.blue}) {
            palette += static_cast<char>(part);
        }
    }
    const std::string eight_bits_palette("\x08\x03\0\0\0", 5);
    const std::string header = big_endian(static_cast<std::uint32_t>(columns)) +
                               big_endian(static_cast<std::uint32_t>(rows)) + eight_bits_palette;
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("PLTE", palette) +
           chunk("IDAT", stored(pixels)) + chunk("IEND", "");
}

std::string data_uri(const std::string& png) {
    constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string result = "data:image/png;base64,";
    for (std::size_t i = 0; i < png.size(); i += 3) {
        const auto byte = [&](std::size_t k) -> unsigned {
            return k < png.size() ? static_cast<unsigned char>(png[k]) : 0;
        };
        const unsigned bits = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
        for (std::size_t k = 0; k < 4; ++k) {
            result += i + k > png.size() ? '=' : digits[bits >> (18 - 6 * k) & 63];
        }
    }
    return result;
}

}  // namespace rondo
