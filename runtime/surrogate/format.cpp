// format.cpp: the surrogate file, little-endian:
//
//     "RONDOSUR"  u32 version  u64 bytes of content  content  u32 CRC-32 of all before
//
// content: box, outputs, inputs, layers or parts, model, identity, history, memory, in the order of `write`
// below. A text is its length (u64) and its bytes, a list its length and its items, a number 8 bytes.
// Version 1 had neither inputs nor parts nor memory; version 2 no rows in it, no harmonics and, of
// activations, relu alone.
#include <zlib.h>

#include <bit>
#include <concepts>
#include <cstring>

#include "dsl/syntax/error.h"
#include "runtime/surrogate/surrogate.h"

namespace rondo {

namespace {

constexpr std::string_view magic = "RONDOSUR";
constexpr std::uint32_t version = 3;
constexpr std::uint64_t with_logs = 1, as_they_are = 2;  // flags of the inputs
constexpr std::size_t head_size = magic.size() + sizeof(std::uint32_t) + sizeof(std::uint64_t);

std::uint32_t checksum(std::string_view bytes) {
    return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

template <std::unsigned_integral T>
void put(std::string& out, T value) {
    for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

template <std::unsigned_integral T>
T get(std::string_view bytes) {
    T value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i) {
        value |= static_cast<T>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    return value;
}

class Writer {
  public:
    void number(double value) { put(bytes, std::bit_cast<std::uint64_t>(value)); }
    void whole(std::uint64_t value) { put(bytes, value); }
    void text(std::string_view value) {
        whole(value.size());
        bytes += value;
    }
    void numbers(std::span<const double> values) {
        whole(values.size());
        for (double value : values) number(value);
    }
    std::string bytes;
};

// Checks every length against what is left, so that no bytes, however made, lead outside them.
class Reader {
  public:
    Reader(std::string_view bytes, const std::string& name, std::uint32_t format)
        : version(format), left_(bytes), name_(name) {}
    const std::uint32_t version;

    std::uint64_t whole() { return get<std::uint64_t>(take(sizeof(std::uint64_t))); }
    double number() { return std::bit_cast<double>(whole()); }
    std::string text() { return std::string(take(whole())); }
    std::size_t length(std::size_t item_size) {
        const std::uint64_t count = whole();
        require(count <= left_.size() / item_size);
        return count;
    }
    std::vector<double> numbers() {
        std::vector<double> values(length(sizeof(double)));
        for (double& value : values) value = number();
        return values;
    }
    std::vector<double> numbers(std::size_t count) {
        std::vector<double> values = numbers();
        require(values.size() == count);
        return values;
    }
    void require(bool sound) const {
        if (!sound) throw Error(Fault::input, "'" + name_ + "' is damaged: its parts do not fit together");
    }
    bool done() const { return left_.empty(); }

  private:
    std::string_view take(std::uint64_t count) {
        require(count <= left_.size());
        const std::string_view taken = left_.substr(0, count);
        left_.remove_prefix(count);
        return taken;
    }
    std::string_view left_;
    const std::string& name_;
};

void write(Writer& out, const DenseLayer& layer) {
    out.whole(static_cast<std::uint64_t>(layer.inputs));
    out.whole(static_cast<std::uint64_t>(layer.outputs));
    out.whole(layer.batch_norm);
    out.whole(static_cast<std::uint64_t>(layer.activation));
    out.numbers(layer.weight);
    out.numbers(layer.bias);
    if (!layer.batch_norm) return;
    for (const auto* values : {&layer.mean, &layer.variance, &layer.scale, &layer.shift})
        out.numbers(*values);
}

DenseLayer read_layer(Reader& in, std::uint64_t inputs) {
    constexpr std::uint64_t widest = 1u << 20;
    DenseLayer layer;
    in.require(in.whole() == inputs);
    const std::uint64_t outputs = in.whole();
    in.require(outputs > 0 && outputs <= widest);
    layer.inputs = static_cast<int>(inputs);
    layer.outputs = static_cast<int>(outputs);
    layer.batch_norm = in.whole() != 0;
    const std::uint64_t activation = in.whole();
    in.require(activation <= static_cast<std::uint64_t>(Activation::tanh));
    layer.activation = static_cast<Activation>(activation);
    layer.weight = in.numbers(inputs * outputs);
    layer.bias = in.numbers(outputs);
    if (!layer.batch_norm) return layer;
    for (auto* values : {&layer.mean, &layer.variance, &layer.scale, &layer.shift})
        *values = in.numbers(outputs);
    return layer;
}

void write(Writer& out, const Surrogate& surrogate);

void write(Writer& out, const Gated& gated) {
    for (const auto* parts : {&gated.gates, &gated.speeds}) {
        out.whole(parts->size());
        for (const Surrogate& part : *parts) write(out, part);
    }
    out.whole(gated.hard);
    for (const double value : {gated.slope, gated.offset, gated.highest, gated.noise, gated.spread})
        out.number(value);
}

// All columns are numbers.
void write(Writer& out, const Table& table) {
    out.whole(table.width());
    for (const Column& column : table.columns()) {
        out.text(column.name);
        out.numbers(column.numbers());
    }
}

void write(Writer& out, const Memory& memory) {
    out.numbers(memory.mean);
    out.numbers(memory.square);
    out.whole(memory.steps);
    out.whole(static_cast<std::uint64_t>(memory.epochs));
    out.whole(static_cast<std::uint64_t>(memory.first_epochs));
    write(out, memory.rows);
}

void write(Writer& out, const Surrogate& surrogate) {
    out.whole(surrogate.box.axes.size());
    for (const Axis& axis : surrogate.box.axes) {
        out.text(axis.name);
        out.number(axis.lower);
        out.number(axis.upper);
        out.whole(axis.scale == Scale::log);
    }
    out.whole(surrogate.outputs.size());
    for (const std::string& name : surrogate.outputs) out.text(name);
    out.whole((surrogate.logs ? with_logs : 0) | (surrogate.raw ? as_they_are : 0));
    out.whole(surrogate.harmonics.size());
    for (const int n : surrogate.harmonics) out.whole(static_cast<std::uint64_t>(n));
    out.whole(surrogate.features.size());
    for (const Feature& feature : surrogate.features) {
        out.text(feature.column);
        for (const double value : {feature.low, feature.high, feature.centre, feature.width})
            out.number(value);
    }
    out.whole(surrogate.layers.size());
    for (const DenseLayer& layer : surrogate.layers) write(out, layer);
    out.whole(surrogate.gated != nullptr);
    if (surrogate.gated) write(out, *surrogate.gated);
    out.text(surrogate.model);
    out.text(surrogate.identity);
    write(out, surrogate.history);
    write(out, surrogate.memory);
}

constexpr std::size_t smallest = sizeof(std::uint64_t);  // of any item of a list

Axis read_axis(Reader& in) {
    Axis axis{in.text(), in.number(), in.number()};
    if (in.whole() != 0) axis.scale = Scale::log;
    return axis;
}

void read_inputs(Reader& in, Surrogate& surrogate) {
    constexpr std::uint64_t most_harmonics = 1u << 16;
    const std::uint64_t flags = in.whole();
    in.require(flags <= (with_logs | as_they_are));
    surrogate.logs = flags & with_logs;
    surrogate.raw = flags & as_they_are;
    const std::size_t axes = in.version >= 3 ? in.length(smallest) : 0;
    in.require(axes == 0 || axes == surrogate.box.axes.size());
    for (std::size_t left = axes; left > 0; --left) {
        const std::uint64_t n = in.whole();
        in.require(n <= most_harmonics);
        surrogate.harmonics.push_back(static_cast<int>(n));
    }
    for (std::size_t left = in.length(smallest); left > 0; --left) {
        surrogate.features.push_back({in.text(), in.number(), in.number(), in.number(), in.number()});
        const Feature& feature = surrogate.features.back();
        in.require(feature.width > 0 && feature.low <= feature.high);
    }
}

void read_layers(Reader& in, Surrogate& surrogate) {
    std::uint64_t width = input_width(surrogate);
    for (std::size_t left = in.length(smallest); left > 0; --left) {
        surrogate.layers.push_back(read_layer(in, width));
        width = static_cast<std::uint64_t>(surrogate.layers.back().outputs);
    }
    in.require(surrogate.layers.empty() || width == surrogate.outputs.size());
}

Surrogate read(Reader& in, bool is_part);

std::shared_ptr<const Gated> read_gated(Reader& in, std::size_t outputs) {
    Gated gated;
    for (auto* parts : {&gated.gates, &gated.speeds}) {
        for (std::size_t left = in.length(smallest); left > 0; --left) {
            parts->push_back(read(in, true));
            in.require(!parts->back().layers.empty());
            in.require(parts->back().outputs.size() == (parts == &gated.gates ? 1 : outputs));
        }
        in.require(!parts->empty());
    }
    gated.hard = in.whole() != 0;
    for (double* value : {&gated.slope, &gated.offset, &gated.highest, &gated.noise, &gated.spread})
        *value = in.number();
    return std::make_shared<const Gated>(std::move(gated));
}

Table read_table(Reader& in) {
    Table table;
    for (std::size_t left = in.length(smallest); left > 0; --left) {
        std::string name = in.text();
        std::vector<double> values = in.numbers();
        in.require(table.width() == 0 || values.size() == table.rows());
        table.set(std::move(name), std::move(values));
    }
    return table;
}

Memory read_memory(Reader& in) {
    Memory memory{in.numbers(), in.numbers(), in.whole()};
    memory.epochs = static_cast<int>(in.whole());
    memory.first_epochs = static_cast<int>(in.whole());
    if (in.version >= 3) memory.rows = read_table(in);
    return memory;
}

Surrogate read(Reader& in, bool is_part) {
    Surrogate surrogate;
    for (std::size_t left = in.length(smallest); left > 0; --left)
        surrogate.box.axes.push_back(read_axis(in));
    for (std::size_t left = in.length(smallest); left > 0; --left) surrogate.outputs.push_back(in.text());
    if (in.version >= 2) read_inputs(in, surrogate);
    read_layers(in, surrogate);
    if (in.version >= 2 && in.whole() != 0) {
        in.require(!is_part);
        surrogate.gated = read_gated(in, surrogate.outputs.size());
    }
    in.require(surrogate.layers.empty() || !surrogate.gated);
    surrogate.model = in.text();
    surrogate.identity = in.text();
    surrogate.history = read_table(in);
    if (in.version >= 2) surrogate.memory = read_memory(in);
    in.require(is_part || in.done());
    check(surrogate.box);
    return surrogate;
}

}  // namespace

std::string to_bytes(const Surrogate& surrogate) {
    Writer content;
    write(content, surrogate);
    std::string bytes(magic);
    put(bytes, version);
    put(bytes, static_cast<std::uint64_t>(content.bytes.size()));
    bytes += content.bytes;
    put(bytes, checksum(bytes));
    return bytes;
}

Surrogate from_bytes(std::string_view bytes, const std::string& name) {
    const auto fail = [&](const std::string& what) { throw Error(Fault::input, "'" + name + "' " + what); };
    if (bytes.empty()) fail("is empty; copy it again, or train again");
    if (!bytes.starts_with(magic)) fail("is not a surrogate file; `save` of a trained surrogate writes one");
    const std::string cut = "is truncated; copy it again, or train again";
    if (bytes.size() < head_size) fail(cut);
    const auto written_by = get<std::uint32_t>(bytes.substr(magic.size()));
    if (written_by > version) {
        fail("is of version " + std::to_string(written_by) +
             " of the surrogate format, from a newer Rondo; this one reads " + std::to_string(version));
    }
    const auto content = get<std::uint64_t>(bytes.substr(magic.size() + sizeof version));
    const std::size_t body = bytes.size() - head_size;
    if (body < sizeof(std::uint32_t) || content > body - sizeof(std::uint32_t)) fail(cut);
    const std::string_view checked = bytes.substr(0, head_size + content);
    if (bytes.size() != checked.size() + sizeof(std::uint32_t) ||
        get<std::uint32_t>(bytes.substr(checked.size())) != checksum(checked)) {
        fail("is damaged: its checksum does not match; copy it again, or train again");
    }
    Reader in(checked.substr(head_size), name, written_by);
    Surrogate surrogate = read(in, false);
    if (surrogate.layers.empty() && !surrogate.gated)
        fail("holds a network that was never trained; train it and save it again");
    return surrogate;
}

}  // namespace rondo
