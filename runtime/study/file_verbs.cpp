// file_verbs.cpp: load, save, exists.
#include <filesystem>

#include "runtime/study/objects.h"
#include "runtime/table/csv.h"
#include "runtime/table/file.h"
#include "runtime/table/table_file.h"

namespace rondo {

namespace {

std::string extension(const std::string& name) {
    auto path = std::filesystem::path(name);
    if (path.extension() == ".gz") path = path.stem();
    return path.extension().string();
}

Value run_load(Call& call) {
    const std::string name = call.text("file");
    const auto kind = extension(name);
    if (kind != ".csv" && kind != ".surrogate") {
        call.fail_at("file", "load reads tables (.csv, .csv.gz) and surrogates (.surrogate)",
                     "a model is read by: import \"" + name + "\" as m");
    }
    const auto path = call.environment.input(name);
    if (kind == ".csv") return read_csv(path);
    return make_object(SurrogateValue(from_bytes(read_file(path), name)));
}

Value run_save(Call& call) {
    const std::string name = call.text("file");
    const auto path = call.environment.output(name);
    const Value& value = call.value("value");
    const auto kind = extension(name);
    const auto expect = [&](const char* wanted) {
        if (kind != wanted)
            call.fail_at("file", std::string("a ") + std::string(value.type()) + " is saved as '" + wanted +
                                     "'" + (wanted == std::string(".csv") ? " or '.h5'" : "") + ", not '" +
                                     kind + "'");
    };
    Identity identity("save", 1);
    value.identify(identity);
    if (const auto* table = value.get_if<Table>()) {
        if (!is_hdf5(name)) expect(".csv");
        write_table(path, *table, identity.hex());
    } else if (const auto* surrogate = object_if<SurrogateValue>(value)) {
        expect(".surrogate");
        Surrogate saved = surrogate->surrogate;
        saved.memory = {};  // twice as large as all the rest, and of use in this run alone
        write_file(path, to_bytes(saved));
    } else if (const auto* plot = object_if<PlotValue>(value)) {
        expect(".svg");
        write_file(path, to_svg(plot->plot));
    } else {
        call.fail_type("value", "table, surrogate or plot");
    }
    call.environment.wrote(path, identity.hex());
    return {};
}

// Whether load() would find the file.
Value run_exists(Call& call) {
    const auto& environment = call.environment;
    const std::string name = call.text("file");
    return std::filesystem::exists(environment.study_folder / name) ||
           std::filesystem::exists(environment.stdlib / name);
}

}  // namespace

void add_file_verbs(Verbs& verbs) {
    verbs["load"] = {"load", {"file"}, run_load};
    verbs["save"] = {"save", {"value", "file"}, run_save};
    verbs["exists"] = {"exists", {"file"}, run_exists};
}

}  // namespace rondo
