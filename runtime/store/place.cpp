// place.cpp: locks, file systems and names, on Linux.
#include "runtime/store/place.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <iterator>
#include <string>
#include <system_error>
#include <thread>

namespace rondo {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

FolderLock::FolderLock(const fs::path& folder)
    : number_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    using namespace std::chrono_literals;
    const auto patience = std::chrono::steady_clock::now() + 30s;
    while (number_ >= 0 && ::flock(number_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        if (std::chrono::steady_clock::now() > patience) {
            ::close(number_);
            throw fs::filesystem_error("locked", folder, std::make_error_code(std::errc::timed_out));
        }
        std::this_thread::sleep_for(5ms);
    }
}

FolderLock::~FolderLock() {
    if (number_ >= 0) ::close(number_);
}

bool on_network(const fs::path& folder) {
    constexpr std::uint32_t lustre = 0x0BD00BD0, gpfs = 0x47504653, beegfs = 0x19830326, smb2 = 0xFE534D42,
                            cifs = 0xFF534D42;
    constexpr std::uint32_t kinds[] = {NFS_SUPER_MAGIC,
                                       SMB_SUPER_MAGIC,
                                       AFS_SUPER_MAGIC,
                                       CEPH_SUPER_MAGIC,
                                       CODA_SUPER_MAGIC,
                                       V9FS_MAGIC,
                                       FUSE_SUPER_MAGIC,
                                       lustre,
                                       gpfs,
                                       beegfs,
                                       smb2,
                                       cifs};
    struct statfs status {};
    if (::statfs(folder.c_str(), &status) != 0) return false;
    return std::find(std::begin(kinds), std::end(kinds), std::uint32_t(status.f_type)) != std::end(kinds);
}

FileNumber file_number(const fs::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return {};
    return {status.st_dev, status.st_ino};
}

fs::path set_aside(const fs::path& file) {
    fs::path aside;
    for (int n = 1; aside.empty() || fs::exists(aside); ++n) {
        aside = file.string() + ".damaged-" + std::to_string(n);
    }
    fs::rename(file, aside);
    for (const std::string end : {"-wal", "-shm", "-journal"}) {
        std::error_code none_there;
        fs::rename(file.string() + end, aside.string() + end, none_there);
    }
    return aside;
}

}  // namespace rondo
