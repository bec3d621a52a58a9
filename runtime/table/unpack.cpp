// unpack.cpp: gzip, told by content; the only file that sees zlib.
#define ZLIB_CONST  // next_in points to const
#include <zlib.h>

#include <algorithm>
#include <new>

#include "dsl/syntax/error.h"
#include "runtime/table/file.h"

namespace rondo {

namespace {

bool is_gzip(std::string_view bytes) {
    return bytes.starts_with("\x1f\x8b");
}

struct Inflater {
    z_stream stream{};
    Inflater() {
        constexpr int gzip_only = 16;
        if (inflateInit2(&stream, MAX_WBITS + gzip_only) != Z_OK) throw std::bad_alloc();
    }
    Inflater(const Inflater&) = delete;
    ~Inflater() { inflateEnd(&stream); }
};

// gzip files may be several packed texts in a row; zeros behind the last are padding.
std::string unpack(std::string_view packed, const std::string& name) {
    Inflater inflater;
    z_stream& z = inflater.stream;
    std::string text, chunk(1 << 18, '\0');
    while (is_gzip(packed)) {
        int state = Z_OK;
        while (state == Z_OK) {
            const auto given = uInt(std::min<std::size_t>(packed.size(), 1 << 30));
            z.next_in = reinterpret_cast<z_const Bytef*>(packed.data());
            z.avail_in = given;
            z.next_out = reinterpret_cast<Bytef*>(chunk.data());
            z.avail_out = uInt(chunk.size());
            state = inflate(&z, Z_NO_FLUSH);
            packed.remove_prefix(given - z.avail_in);
            text.append(chunk, 0, chunk.size() - z.avail_out);
        }
        if (state != Z_STREAM_END) {
            const std::string what = packed.empty() ? "ends early" : "is damaged";
            throw Error(Fault::input,
                        "cannot read '" + name + "': its gzip content " + what + "; copy it anew");
        }
        inflateReset(&z);
    }
    return text;
}

}  // namespace

std::string read_file_unpacked(const std::filesystem::path& file) {
    std::string content = read_file(file);
    return is_gzip(content) ? unpack(content, file.string()) : content;
}

}  // namespace rondo
