#include "runtime/table/table_file.h"

#include <dlfcn.h>

#include <utility>
#include <vector>

#include "dsl/syntax/error.h"
#include "runtime/plugin/plugin.h"
#include "runtime/table/csv.h"
#include "runtime/table/file.h"
#include "runtime/table/hdf5_abi.h"

namespace rondo {

namespace fs = std::filesystem;

namespace {

struct Hdf5Library {
    decltype(&hdf5::rondo_hdf5_open) open;
    decltype(&hdf5::rondo_hdf5_add) add;
    decltype(&hdf5::rondo_hdf5_close) close;
};

// Loaded on first use: with what it brings along, it takes longer to start than all of Rondo.
const Hdf5Library& hdf5_library() {
    static const Hdf5Library library = [] {
        std::string reason;
        void* const handle = load_library(plugin_folder() / "librondo_hdf5.so", RTLD_LOCAL, reason);
        if (!handle)
            throw Error(Fault::unsupported, "HDF5 cannot be written (" + reason +
                                                "): install libhdf5-dev and build again, or write .csv");
        Hdf5Library found{};
        find_function(handle, "HDF5", "rondo_hdf5_open", found.open);
        find_function(handle, "HDF5", "rondo_hdf5_add", found.add);
        find_function(handle, "HDF5", "rondo_hdf5_close", found.close);
        return found;
    }();
    return library;
}

}  // namespace

bool is_hdf5(const fs::path& file) {
    return file.extension() == ".h5" || file.extension() == ".hdf5";
}

struct TableWriter::State {
    fs::path file;
    FileWriter writer;
    hdf5::File* hdf5 = nullptr;
    bool begun = false;
    char error[512] = "";

    explicit State(const fs::path& path) : file(path), writer(path) {
        if (!is_hdf5(file)) return;
        if (writer.place().empty()) fail("it is no plain file, which HDF5 needs");
        hdf5 = hdf5_library().open(writer.place().c_str(), error, sizeof error);
        if (!hdf5) fail(error);
    }
    ~State() {
        if (hdf5) hdf5_library().close(hdf5, "", error, sizeof error);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    [[noreturn]] void fail(const std::string& reason) const {
        throw Error(Fault::input, "cannot write '" + file.string() + "': " + reason);
    }

    void add(const Table& part) {
        std::vector<hdf5::Column> columns;
        std::vector<std::vector<const char*>> texts(part.width());
        for (const auto& column : part.columns()) {
            auto& pointers = texts[columns.size()];
            if (column.is_text())
                for (const auto& text : column.texts()) pointers.push_back(text.c_str());
            columns.push_back({column.name.c_str(), column.is_text() ? nullptr : column.numbers().data(),
                               column.is_text() ? pointers.data() : nullptr});
        }
        // An empty column of numbers may have no data, but is one of numbers.
        static const double none = 0;
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (!part.columns()[i].is_text() && !columns[i].numbers) columns[i].numbers = &none;
        if (hdf5_library().add(hdf5, columns.data(), columns.size(), part.rows(), error, sizeof error))
            fail(error);
    }
};

TableWriter::TableWriter(const fs::path& file) : state_(std::make_unique<State>(file)) {}
TableWriter::~TableWriter() = default;

void TableWriter::add(const Table& part) {
    State& s = *state_;
    if (s.hdf5)
        s.add(part);
    else
        s.writer.add(s.begun ? csv_rows(part) : to_csv(part));
    s.begun = true;
}

void TableWriter::finish(const std::string& identity) {
    State& s = *state_;
    hdf5::File* const open = std::exchange(s.hdf5, nullptr);
    if (open && hdf5_library().close(open, identity.c_str(), s.error, sizeof s.error)) s.fail(s.error);
    s.writer.finish();
}

void write_table(const fs::path& file, const Table& table, const std::string& identity) {
    TableWriter writer(file);
    writer.add(table);
    writer.finish(identity);
}

}  // namespace rondo
