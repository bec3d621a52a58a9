// hdf5_plugin.cpp: tables as HDF5, the only file that sees its library:
//
//   /NAME                 one dataset a column: [rows] doubles, or strings of variable length
//   attribute columns     the names in order
//   attribute identity    of the contents
//
// No times are recorded, so that the same table is the same bytes.
#include <hdf5.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/table/hdf5_abi.h"

namespace rondo::hdf5 {
namespace {

// The innermost message of the library's stack of errors.
std::string reason() {
    std::string text = "the HDF5 library gives no reason";
    const auto take = [](unsigned, const H5E_error2_t* error, void* into) -> herr_t {
        if (error->desc && *error->desc) *static_cast<std::string*>(into) = error->desc;
        return 0;
    };
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, take, &text);
    return text;
}

void expect(bool done) {
    if (!done) throw std::runtime_error(reason());
}

// An id of the library, given back when done with.
class Id {
  public:
    using Close = herr_t (*)(hid_t);
    Id(hid_t id, Close how) : id_(id), close_(how) { expect(id >= 0); }
    Id(Id&& other) noexcept : id_(other.id_), close_(other.close_) { other.id_ = -1; }
    Id(const Id&) = delete;
    ~Id() { close(); }
    operator hid_t() const { return id_; }
    bool close() {
        if (id_ < 0) return true;
        const herr_t closed = close_(id_);
        id_ = -1;
        return closed >= 0;
    }

  private:
    hid_t id_;
    Close close_;
};

Id text_type() {
    Id type(H5Tcopy(H5T_C_S1), H5Tclose);
    expect(H5Tset_size(type, H5T_VARIABLE) >= 0);
    expect(H5Tset_cset(type, H5T_CSET_UTF8) >= 0);
    return type;
}

// A name in HDF5 may not hold the sign that parts names.
std::string dataset_name(std::string name) {
    std::replace(name.begin(), name.end(), '/', '_');
    return name.empty() || name == "." ? "_" : name;
}

// rows: of the first part, as a measure of what is to come.
Id make_dataset(hid_t file, const Column& column, hsize_t rows) {
    const hsize_t none = 0, unlimited = H5S_UNLIMITED, chunk = std::clamp<hsize_t>(rows, 16, 8192);
    const Id space(H5Screate_simple(1, &none, &unlimited), H5Sclose);
    const Id how(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    expect(H5Pset_chunk(how, 1, &chunk) >= 0);
    expect(H5Pset_obj_track_times(how, false) >= 0);
    const Id text = text_type();
    const hid_t type = column.numbers ? H5T_IEEE_F64LE : hid_t(text);
    return {H5Dcreate2(file, dataset_name(column.name).c_str(), type, space, H5P_DEFAULT, how, H5P_DEFAULT),
            H5Dclose};
}

void append(hid_t dataset, const Column& column, hsize_t before, hsize_t rows) {
    const hsize_t after = before + rows;
    expect(H5Dset_extent(dataset, &after) >= 0);
    if (rows == 0) return;
    const Id space(H5Dget_space(dataset), H5Sclose);
    expect(H5Sselect_hyperslab(space, H5S_SELECT_SET, &before, nullptr, &rows, nullptr) >= 0);
    const Id memory(H5Screate_simple(1, &rows, nullptr), H5Sclose);
    const Id text = text_type();
    const hid_t type = column.numbers ? H5T_NATIVE_DOUBLE : hid_t(text);
    const void* data = column.numbers ? static_cast<const void*>(column.numbers) : column.texts;
    expect(H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, data) >= 0);
}

void set_attribute(hid_t file, const char* name, const std::vector<const char*>& texts, bool one) {
    const hsize_t count = texts.size();
    const Id type = text_type();
    const Id space(one ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &count, nullptr), H5Sclose);
    const Id attribute(H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    expect(H5Awrite(attribute, type, texts.data()) >= 0);
}

// Runs `work`; its exception, if any, becomes text.
template <class Work>
int guarded(char* error, std::size_t size, const Work& work) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    try {
        work();
        return 0;
    } catch (const std::exception& fault) {
        std::snprintf(error, size, "%s", fault.what());
        return 1;
    }
}

}  // namespace

struct File {
    explicit File(const char* path)
        : id(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose) {}
    Id id;
    std::vector<std::string> names;
    std::vector<Id> datasets;
    hsize_t rows = 0;
};

extern "C" {

File* rondo_hdf5_open(const char* path, char* error, std::size_t error_size) {
    File* file = nullptr;
    guarded(error, error_size, [&] { file = new File(path); });
    return file;
}

int rondo_hdf5_add(File* file, const Column* columns, std::size_t count, std::size_t rows, char* error,
                   std::size_t error_size) {
    return guarded(error, error_size, [&] {
        if (file->datasets.empty()) {
            for (std::size_t i = 0; i < count; ++i) {
                file->names.emplace_back(columns[i].name);
                file->datasets.push_back(make_dataset(file->id, columns[i], rows));
            }
        }
        for (std::size_t i = 0; i < count; ++i) append(file->datasets[i], columns[i], file->rows, rows);
        file->rows += rows;
    });
}

int rondo_hdf5_close(File* file, const char* identity, char* error, std::size_t error_size) {
    const int failed = guarded(error, error_size, [&] {
        std::vector<const char*> names;
        for (const auto& name : file->names) names.push_back(name.c_str());
        set_attribute(file->id, "columns", names, false);
        set_attribute(file->id, "identity", {identity}, true);
        for (Id& dataset : file->datasets) expect(dataset.close());
        expect(file->id.close());
    });
    delete file;
    return failed;
}

}  // extern "C"

}  // namespace rondo::hdf5
