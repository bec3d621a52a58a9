// The file format: what is written is read, and every damage is told.
#include <zlib.h>

#include "tests/runtime/support.h"
#include "tests/runtime/surrogate/example.h"

namespace rondo {
namespace {

std::string message(const std::string& bytes) {
    return message_of([&] { from_bytes(bytes, "a.surrogate"); });
}

// With the checksum made to fit, as somebody might who wants to lead us astray.
std::string sealed(std::string bytes) {
    bytes.resize(bytes.size() - 4);
    const auto sum = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    for (int i = 0; i < 4; ++i) bytes += static_cast<char>(sum >> (8 * i) & 0xff);
    return bytes;
}

TEST(SurrogateFile, RoundTripKeepsEverything) {
    const Surrogate written = random_surrogate(1);
    const Surrogate read = from_bytes(to_bytes(written), "a.surrogate");
    EXPECT_EQ(to_bytes(read), to_bytes(written));
    EXPECT_EQ(read.box.axes[1].name, "k");
    EXPECT_EQ(read.box.axes[1].upper, 10);
    EXPECT_EQ(read.box.axes[1].scale, Scale::log);
    EXPECT_EQ(read.outputs, written.outputs);
    EXPECT_EQ(read.model, written.model);
    EXPECT_EQ(read.identity, written.identity);
    EXPECT_EQ(read.history.names(), written.history.names());
    EXPECT_EQ(read.history.numbers("validation_loss")[0], 0.5);
    const Table points = uniform(written.box, 10, 2);
    const Table ours = predict(written, points), theirs = predict(read, points);
    for (std::size_t row = 0; row < 10; ++row)
        EXPECT_EQ(ours.numbers("freq_Y")[row], theirs.numbers("freq_Y")[row]);
}

TEST(SurrogateFile, IsLittleEndianWithItsNameFirst) {
    const std::string bytes = to_bytes(random_surrogate(1));
    EXPECT_EQ(bytes.substr(0, 12), std::string("RONDOSUR\3\0\0\0", 12));
}

TEST(SurrogateFile, TheLastRowsOfATrainingAreKept) {
    Surrogate surrogate = random_surrogate(1);
    surrogate.memory.rows = sine(5);
    surrogate.memory.rows.set("loss", std::vector<double>(5, 0.25));
    const Table back = from_bytes(to_bytes(surrogate), "a").memory.rows;
    EXPECT_EQ(back.names(), (std::vector<std::string>{"x", "y", "loss"}));
    EXPECT_EQ(back.at("y").numbers(), surrogate.memory.rows.at("y").numbers());
}

TEST(SurrogateFile, OtherFilesAreRefused) {
    EXPECT_EQ(message(""), "'a.surrogate' is empty; copy it again, or train again");
    for (const std::string& text :
         {std::string("a,b\n1,2\n"), std::string("RONDO"), std::string(1000, '\0')}) {
        EXPECT_EQ(message(text),
                  "'a.surrogate' is not a surrogate file; `save` of a trained surrogate writes one");
    }
}

TEST(SurrogateFile, EveryTruncationIsTold) {
    const std::string bytes = to_bytes(random_surrogate(1));
    for (std::size_t size = 8; size < bytes.size(); ++size) {
        ASSERT_EQ(message(bytes.substr(0, size)), "'a.surrogate' is truncated; copy it again, or train again")
            << size;
    }
}

TEST(SurrogateFile, EveryDamagedByteIsTold) {
    const std::string bytes = to_bytes(random_surrogate(1));
    for (std::size_t at = 20; at < bytes.size(); ++at) {
        std::string damaged = bytes;
        damaged[at] ^= 0x10;
        ASSERT_EQ(message(damaged),
                  "'a.surrogate' is damaged: its checksum does not match; copy it again, or train again")
            << at;
    }
    EXPECT_EQ(message(bytes + "x"),
              "'a.surrogate' is damaged: its checksum does not match; copy it again, or train again");
}

TEST(SurrogateFile, ANewerVersionIsTold) {
    std::string bytes = to_bytes(random_surrogate(1));
    bytes[8] = 4;
    EXPECT_EQ(message(bytes),
              "'a.surrogate' is of version 4 of the surrogate format, from a newer Rondo; this one reads 3");
}

TEST(SurrogateFile, AnUntrainedNetworkIsTold) {
    Surrogate untrained = random_surrogate(1);
    untrained.layers.clear();
    EXPECT_EQ(message(to_bytes(untrained)),
              "'a.surrogate' holds a network that was never trained; train it and save it again");
}

// Any content with a fitting checksum is either read whole or refused: nothing is read or reserved beyond it.
TEST(SurrogateFile, ContentThatDoesNotFitTogetherIsRefused) {
    const std::string bytes = to_bytes(random_surrogate(1));
    int refused = 0;
    for (std::size_t at = 20; at + 4 < bytes.size(); ++at) {
        std::string odd = bytes;
        odd[at] = static_cast<char>(odd[at] ^ 0xff);
        refused += !message(sealed(odd)).empty();
    }
    EXPECT_GT(refused, 200);  // every length and shape; the rest are changed numbers and letters
    std::string lengths = bytes;
    lengths.replace(20, 8, std::string(8, '\xff'));
    EXPECT_EQ(message(sealed(lengths)), "'a.surrogate' is damaged: its parts do not fit together");
}

}  // namespace
}  // namespace rondo
