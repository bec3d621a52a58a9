// file.h: whole files in and out, so that nothing on disk is lost or half-written.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace rondo {

// Throws Error(input) with the path, the reason and the way out: missing (with a near name in the same
// folder), a directory, unreadable.
std::string read_file(const std::filesystem::path& file);
// As read_file, and unpacks files whose content is gzip.
std::string read_file_unpacked(const std::filesystem::path& file);

// Writes beside, flushes, then renames: the old file stays whole until the new one is, and its permissions
// pass on. Makes missing folders. What is no plain file (/dev/stdout, a pipe) is written to as it is; a link
// is followed. Throws Error(input) with path and reason (no permission, disk full).
void write_file(const std::filesystem::path& file, std::string_view content);

// The system's words for an errno, in the style of our messages: "no space left on device".
std::string system_reason(int code);

}  // namespace rondo
