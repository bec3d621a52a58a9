// Tables as HDF5, read back by the HDF5 library itself.
#include <gtest/gtest.h>
#include <hdf5.h>

#include <cstring>

#include "runtime/table/file.h"
#include "runtime/table/table_file.h"
#include "tests/runtime/support.h"

namespace rondo {
namespace {

namespace fs = std::filesystem;

std::vector<double> read_numbers(hid_t file, const char* name) {
    const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(dataset);
    std::vector<double> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    EXPECT_GE(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
    H5Sclose(space);
    H5Dclose(dataset);
    return values;
}

hid_t text_type() {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

std::vector<std::string> taken(std::vector<char*> texts) {
    std::vector<std::string> result;
    for (char* text : texts) {
        result.emplace_back(text ? text : "");
        H5free_memory(text);
    }
    return result;
}

std::vector<std::string> read_texts(hid_t file, const char* name) {
    const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(dataset),
                type = text_type();
    std::vector<char*> texts(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    EXPECT_GE(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()), 0);
    H5Tclose(type);
    H5Sclose(space);
    H5Dclose(dataset);
    return taken(texts);
}

std::vector<std::string> read_attribute(hid_t file, const char* name) {
    const hid_t attribute = H5Aopen(file, name, H5P_DEFAULT), space = H5Aget_space(attribute),
                type = text_type();
    std::vector<char*> texts(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    EXPECT_GE(H5Aread(attribute, type, texts.data()), 0);
    H5Tclose(type);
    H5Sclose(space);
    H5Aclose(attribute);
    return taken(texts);
}

Table sample(double first, std::size_t rows) {
    std::vector<double> time, value;
    std::vector<std::string> text;
    for (std::size_t i = 0; i < rows; ++i) {
        time.push_back(first + static_cast<double>(i));
        value.push_back(1 / (first + static_cast<double>(i) + 3));
        text.push_back(i % 2 ? "stätig" : "");
    }
    Table table;
    table.set("time", time);
    table.set("[S1]", value);
    table.set("rhythm", text);
    return table;
}

TEST(Hdf5, HoldsColumnsInPartsWithTheirIdentity) {
    const TestFolder folder;
    TableWriter writer(folder / "t.h5");
    writer.add(sample(0, 5));
    writer.add(sample(5, 0));
    writer.add(sample(5, 20'000));
    EXPECT_FALSE(fs::exists(folder / "t.h5"));
    writer.finish("abc123");
    const hid_t file = H5Fopen((folder / "t.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    ASSERT_GE(file, 0);
    const auto time = read_numbers(file, "time"), value = read_numbers(file, "[S1]");
    ASSERT_EQ(time.size(), 20'005u);
    for (std::size_t i = 0; i < time.size(); ++i) {
        ASSERT_EQ(time[i], static_cast<double>(i));
        ASSERT_EQ(value[i], 1 / (static_cast<double>(i) + 3));
    }
    const auto rhythm = read_texts(file, "rhythm");
    EXPECT_EQ(rhythm[0], "");
    EXPECT_EQ(rhythm[1], "stätig");
    EXPECT_EQ(rhythm[20'004], "stätig");
    EXPECT_EQ(read_attribute(file, "columns"), (std::vector<std::string>{"time", "[S1]", "rhythm"}));
    EXPECT_EQ(read_attribute(file, "identity"), std::vector<std::string>{"abc123"});
    H5Fclose(file);
}

TEST(Hdf5, TheSameTableIsTheSameBytes) {
    const TestFolder folder;
    write_table(folder / "a.h5", sample(1, 100), "x");
    write_table(folder / "b.hdf5", sample(1, 100), "x");
    EXPECT_EQ(read_file(folder / "a.h5"), read_file(folder / "b.hdf5"));
}

TEST(Hdf5, WithoutAnEndNothingIsLeft) {
    const TestFolder folder;
    write_file(folder / "t.h5", "old");
    {
        TableWriter writer(folder / "t.h5");
        writer.add(sample(0, 5));
    }
    EXPECT_EQ(read_file(folder / "t.h5"), "old");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
    EXPECT_NE(message_of([] { TableWriter("/dev/null/t.h5"); }).find("cannot write"), std::string::npos);
}

TEST(TableWriter, WritesCsvInParts) {
    const TestFolder folder;
    TableWriter writer(folder / "t.csv");
    writer.add(sample(0, 2).columns(std::vector<std::string>{"time"}));
    writer.add(sample(2, 1).columns(std::vector<std::string>{"time"}));
    writer.finish("");
    EXPECT_EQ(read_file(folder / "t.csv"), "time\n0\n1\n2\n");
}

}  // namespace
}  // namespace rondo
