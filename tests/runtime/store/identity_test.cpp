// Identities, and tables as bytes.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include "runtime/store/store.h"
#include "runtime/table/bytes.h"
#include "tests/runtime/support.h"

namespace rondo {
namespace {

using Texts = std::vector<std::string>;
using Numbers = std::vector<double>;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// FIPS 180-4's examples.
TEST(Sha256, GivesThePublishedDigests) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex(std::string(1000000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// The layout that identity.cpp promises, written out.
TEST(Identity, IsTheHashOfTypedFieldsWithLengths) {
    const std::string fields(
        "t\3\0\0\0\0\0\0\0lhs"
        "i\10\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0"
        "d\10\0\0\0\0\0\0\0\0\0\0\0\0\0\xf8\x3f",
        12 + 17 + 17);
    EXPECT_EQ(Identity("lhs", 2).add(1.5).hex(), sha256_hex(fields));
}

TEST(Identity, NoTwoArgumentListsAreOne) {
    Table numbers, texts, renamed, turned, empty;
    numbers.set("a", Numbers{1, 2});
    texts.set("a", Texts{"1", "2"});
    renamed.set("b", Numbers{1, 2});
    turned.set("a", Numbers{2, 1});
    const auto begun = [] { return Identity("verb", 1); };
    const Texts all{
        begun().hex(),
        Identity("verb", 2).hex(),
        Identity("other", 1).hex(),
        begun().add("").hex(),
        begun().add("ab").add("c").hex(),
        begun().add("a").add("bc").hex(),
        begun().add("abc").hex(),
        begun().add(1).hex(),
        begun().add(1.0).hex(),
        begun().add("1").hex(),
        begun().add(0).add(1).hex(),
        begun().add(0.0).hex(),
        begun().add(nan).hex(),
        begun().add(std::numeric_limits<double>::infinity()).hex(),
        begun().add(numbers).hex(),
        begun().add(texts).hex(),
        begun().add(renamed).hex(),
        begun().add(turned).hex(),
        begun().add(empty).hex(),
        begun().add(numbers).add(numbers).hex(),
    };
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
}

TEST(Identity, EqualValuesAreOne) {
    const auto begun = [] { return Identity("verb", 1); };
    EXPECT_EQ(begun().add(0.0).hex(), begun().add(-0.0).hex());
    EXPECT_EQ(begun().add(nan).hex(), begun().add(-std::nan("7")).hex());
    EXPECT_EQ(begun().add(7).hex(), begun().add(std::uint64_t(7)).hex());
    Table a, b;
    a.set("x", Numbers{0.0, nan});
    b.set("x", Numbers{-0.0, -nan});
    EXPECT_EQ(begun().add(a).hex(), begun().add(b).hex());
    Identity identity("verb", 1);
    EXPECT_EQ(identity.hex(), identity.hex());
}

std::uint64_t bits(double x) {
    return std::bit_cast<std::uint64_t>(x);
}

Table random_table(std::mt19937_64& random) {
    Table table;
    const std::size_t rows = random() % 20, width = random() % 6;
    for (std::size_t i = 0; i < width; ++i) {
        const std::string name = std::string(random() % 3, '\0') + std::to_string(i);
        if (random() % 2) {
            Numbers numbers(rows);
            for (auto& x : numbers) x = std::bit_cast<double>(random());
            table.set(name, numbers);
        } else {
            Texts texts(rows);
            for (auto& text : texts) text = std::string(random() % 5, char(random()));
            table.set(name, texts);
        }
    }
    return table;
}

TEST(TableBytes, GiveEveryBitBack) {
    std::mt19937_64 random(3);
    for (int round = 0; round < 300; ++round) {
        const Table table = random_table(random);
        const std::string bytes = to_bytes(table);
        const Table back = table_from_bytes(bytes);
        ASSERT_EQ(back.names(), table.names());
        ASSERT_EQ(to_bytes(back), bytes);
        for (std::size_t i = 0; i < table.width(); ++i) {
            const Column &a = table.columns()[i], &b = back.columns()[i];
            ASSERT_EQ(a.is_text(), b.is_text());
            ASSERT_EQ(a.size(), b.size());
            if (a.is_text()) {
                ASSERT_EQ(a.texts(), b.texts());
                continue;
            }
            for (std::size_t k = 0; k < a.size(); ++k) ASSERT_EQ(bits(a.numbers()[k]), bits(b.numbers()[k]));
        }
    }
}

TEST(TableBytes, AnythingElseIsRefused) {
    Table table;
    table.set("a", Numbers{1, 2});
    table.set("b", Texts{"x", "y"});
    const std::string bytes = to_bytes(table);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const std::string message = message_of([&] { table_from_bytes(bytes.substr(0, length)); });
        EXPECT_EQ(message, length < 8 ? "cannot read a stored table: this is none"
                                      : "cannot read a stored table: its bytes end early");
    }
    EXPECT_EQ(message_of([&] { table_from_bytes(bytes + "x"); }),
              "cannot read a stored table: there is more behind its end");
    std::string newer = bytes;
    newer[8] = 2;
    EXPECT_EQ(message_of([&] { table_from_bytes(newer); }),
              "cannot read a stored table: it has version 2; this Rondo reads version 1");
    std::string huge = bytes;
    huge[8 + 4 + 8 + 7] = '\x7f';  // rows
    EXPECT_EQ(message_of([&] { table_from_bytes(huge); }), "cannot read a stored table: its bytes end early");
}

}  // namespace
}  // namespace rondo
