// file.cpp: reading whole files, and replacing them in one step.
#include "runtime/table/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "dsl/syntax/diagnostic.h"
#include "dsl/syntax/error.h"

namespace rondo {

namespace fs = std::filesystem;

std::string system_reason(int code) {
    std::string text = std::generic_category().message(code);
    if (!text.empty()) text[0] = char(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

namespace {

// An open file, closed when done with.
class Handle {
  public:
    Handle(const fs::path& file, int flags, mode_t mode = 0)
        : number_(::open(file.c_str(), flags | O_CLOEXEC, mode)) {}
    Handle(const Handle&) = delete;
    ~Handle() { close(); }
    bool ok() const { return number_ >= 0; }
    int number() const { return number_; }
    bool close() {  // some file systems tell only here that the disk is full
        return number_ < 0 || ::close(std::exchange(number_, -1)) == 0;
    }

  private:
    int number_;
};

std::string in_quotes(const fs::path& path) {
    return "'" + path.string() + "'";
}

[[noreturn]] void fail(const std::string& message) {
    throw Error(Fault::input, message);
}

std::string missing(const fs::path& file) {
    const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    std::error_code code;
    std::vector<std::string> names;
    for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
        names.push_back(entry->path().filename().string());
    }
    if (code) return "cannot read " + in_quotes(file) + ": there is no folder " + in_quotes(folder);
    std::sort(names.begin(), names.end());  // so that of two equally near names the same one is offered
    std::string message = "cannot read " + in_quotes(file) + ": there is no such file";
    if (const auto near = nearest(file.filename().string(), names)) {
        message += "; did you mean " + in_quotes(file.parent_path() / *near) + "?";
    }
    return message;
}

std::string cannot_read(const fs::path& file, int code) {
    if (code == ENOENT) return missing(file);
    if (code == EISDIR) return "cannot read " + in_quotes(file) + ": it is a folder; name a file in it";
    const std::string way_out = code == EACCES ? "; you may not read it: see chmod" : "";
    return "cannot read " + in_quotes(file) + ": " + system_reason(code) + way_out;
}

std::string cannot_write(const fs::path& file, int code) {
    const std::string way_out =
        code == EACCES || code == EPERM || code == EROFS    ? "; choose another place for it"
        : code == ENOSPC || code == EDQUOT || code == EFBIG ? "; make room there or choose another place"
                                                            : "";
    return "cannot write " + in_quotes(file) + ": " + system_reason(code) + way_out;
}

// errno of what went wrong, or 0.
int write_all(int number, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(number, content.data(), content.size());
        if (written < 0 && errno != EINTR) return errno;
        if (written > 0) content.remove_prefix(std::size_t(written));
    }
    return 0;
}

fs::path name_beside(const fs::path& file) {
    static std::atomic<unsigned> count = 0;
    return file.parent_path() /
           (".rondo-" + std::to_string(::getpid()) + "-" + std::to_string(count++) + ".tmp");
}

// Until the folder is flushed too, the new name may be lost with the power; the old file is whole then.
void flush_folder(const fs::path& folder) {
    Handle handle(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
    if (handle.ok()) ::fsync(handle.number());
}

}  // namespace

std::string read_file(const fs::path& file) {
    Handle handle(file, O_RDONLY);
    if (!handle.ok()) fail(cannot_read(file, errno));
    struct stat status {};
    if (::fstat(handle.number(), &status) != 0) fail(cannot_read(file, errno));
    std::string content;
    std::size_t size = 0;
    std::size_t room = std::size_t(status.st_size) + 1;  // one more, to see the end without growing
    for (;;) {
        if (content.size() - size < room) content.resize(std::max(size + room, 2 * size));
        const ssize_t count = ::read(handle.number(), content.data() + size, content.size() - size);
        if (count < 0 && errno != EINTR) fail(cannot_read(file, errno));
        if (count == 0) break;
        if (count > 0) size += std::size_t(count);
        room = 4096;
    }
    content.resize(size);
    return content;
}

// What is no plain file (a terminal, a pipe, /dev/null) cannot be replaced, only written to: then `beside` is
// empty.
struct FileWriter::State {
    fs::path file, target, beside;
    std::unique_ptr<Handle> handle;

    ~State() {
        if (!beside.empty()) ::unlink(beside.c_str());
    }
    void expect(bool done) const {
        if (!done) fail(cannot_write(file, errno));
    }
};

FileWriter::FileWriter(const fs::path& file) : state_(std::make_unique<State>()) {
    std::error_code code;
    State& s = *state_;
    s.file = file;
    s.target = fs::is_symlink(file, code) ? fs::weakly_canonical(file, code) : file;
    if (s.target.has_parent_path()) {
        fs::create_directories(s.target.parent_path(), code);
        if (code) fail(cannot_write(file, code.value()));
    }
    struct stat status {};
    const bool exists = ::stat(s.target.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode))
        fail("cannot write " + in_quotes(file) + ": it is a folder; name a file in it");
    if (exists && !S_ISREG(status.st_mode)) {
        s.handle = std::make_unique<Handle>(s.target, O_WRONLY);
        s.expect(s.handle->ok());
        return;
    }
    if (exists) s.expect(::faccessat(AT_FDCWD, s.target.c_str(), W_OK, AT_EACCESS) == 0);
    const fs::path beside = name_beside(s.target);
    s.handle = std::make_unique<Handle>(beside, O_WRONLY | O_CREAT | O_EXCL, 0666);
    s.expect(s.handle->ok());
    s.beside = beside;
    if (exists) s.expect(::fchmod(s.handle->number(), status.st_mode & 07777) == 0);
}

FileWriter::~FileWriter() = default;

void FileWriter::add(std::string_view content) {
    if (const int code = write_all(state_->handle->number(), content)) fail(cannot_write(state_->file, code));
}

const fs::path& FileWriter::place() const {
    return state_->beside;
}

void FileWriter::finish() {
    State& s = *state_;
    if (s.beside.empty()) return s.expect(s.handle->close());
    s.expect(::fsync(s.handle->number()) == 0);
    s.expect(s.handle->close());
    s.expect(::rename(s.beside.c_str(), s.target.c_str()) == 0);
    s.beside.clear();
    flush_folder(s.target.parent_path());
}

void write_file(const fs::path& file, std::string_view content) {
    FileWriter writer(file);
    writer.add(content);
    writer.finish();
}

}  // namespace rondo
