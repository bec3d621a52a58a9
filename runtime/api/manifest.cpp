#include "runtime/api/manifest.h"

#include <ctime>
#include <nlohmann/json.hpp>

#include "dsl/syntax/error.h"
#include "runtime/api/versions.h"
#include "runtime/table/file.h"

namespace rondo {

namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

fs::path manifest_of(const fs::path& file) {
    return file.string() + ".manifest.json";
}

std::string now_text() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

constexpr const char* device_names[] = {"auto", "cpu", "cuda"};

}  // namespace

void write_manifest(const fs::path& file, const std::string& identity, const Environment& environment,
                    const RunFacts& facts) {
    Json manifest;
    manifest["file"] = file.filename().string();
    manifest["sha256"] = sha256_hex(read_file(file));
    manifest["identity"] = identity;
    manifest["study"] = environment.study_name;
    manifest["study_sha256"] = facts.study_sha256;
    for (const auto& [name, value] : environment.settings) manifest["settings"][name] = value;
    for (const auto& [verb, seeds] : environment.seeds) manifest["seeds"][verb] = seeds;
    for (const auto& [name, version] : versions()) manifest["versions"][name] = version;
    manifest["device"] = device_names[static_cast<int>(environment.device)];
    manifest["jobs"] = environment.executor.jobs();
    manifest["ranks"] = facts.ranks;
    for (const auto& [verb, method] : environment.integration) manifest["integration"][verb] = method;
    for (const auto& [verb, work] : environment.work) {
        Json& entry = manifest["work"][verb];
        entry["computed"] = work.computed;
        entry["stored"] = work.stored;
        if (work.rhs_calls) entry["rhs_calls"] = work.rhs_calls;
    }
    manifest["written"] = now_text();
    manifest["seconds"] = facts.seconds;
    write_file(manifest_of(file), manifest.dump(2) + "\n");
}

namespace {

void add(std::string& text, const std::string& name, const std::string& value) {
    if (!value.empty()) text += name + ": " + value + "\n";
}

std::string plain(const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

// "a = 1, b = 2"
std::string pairs(const Json& object) {
    std::string text;
    for (const auto& [name, value] : object.items())
        text += (text.empty() ? "" : ", ") + name + " = " + plain(value);
    return text;
}

std::string work_text(const Json& work) {
    const auto computed = work.value("computed", std::uint64_t{0}),
               stored = work.value("stored", std::uint64_t{0});
    std::string text = std::to_string(computed) + " computed, " + std::to_string(stored) + " from the store";
    if (work.contains("rhs_calls")) text += ", " + work["rhs_calls"].dump() + " RHS calls";
    return text;
}

}  // namespace

std::string explain(const fs::path& file) {
    const std::string sha256 = sha256_hex(read_file(file));
    std::error_code none;
    if (!fs::exists(manifest_of(file), none))
        throw Error(Fault::input, "'" + file.string() + "' has no manifest beside it ('" +
                                      manifest_of(file).filename().string() +
                                      "'): studies write one with all they save");
    const Json manifest = Json::parse(read_file(manifest_of(file)), nullptr, false);
    if (!manifest.is_object())
        throw Error(Fault::input, "'" + manifest_of(file).string() + "' is no manifest: it is not JSON");
    const auto part = [&](const char* name) -> Json {
        const auto found = manifest.find(name);
        return found == manifest.end() ? Json::object() : *found;
    };
    const auto text_of = [&](const char* name) {
        return manifest.contains(name) ? plain(manifest[name]) : "";
    };
    std::string text;
    add(text, "file", file.string());
    add(text, "sha256",
        text_of("sha256") +
            (sha256 == text_of("sha256") ? "" : " when it was written; it has been changed since"));
    add(text, "identity", text_of("identity"));
    add(text, "study", text_of("study"));
    add(text, "study sha256", text_of("study_sha256"));
    add(text, "settings", pairs(part("settings")));
    add(text, "seeds", pairs(part("seeds")));
    add(text, "versions", pairs(part("versions")));
    add(text, "device", text_of("device"));
    add(text, "threads", text_of("jobs"));
    add(text, "ranks", text_of("ranks"));
    const Json integration = part("integration"), work = part("work");
    for (const auto& [verb, method] : integration.items()) add(text, verb + " by", plain(method));
    for (const auto& [verb, done] : work.items()) add(text, verb, work_text(done));
    add(text, "written", text_of("written"));
    add(text, "wall time", text_of("seconds") + " s");
    return text;
}

}  // namespace rondo
