// expect.h: tests that carry their answer beside the line:
//
//     R1: -> M; k * Q      // error 2:19: unknown name 'Q'
//
// An expected help stands on the next line as `// help: did you mean 'P'?`; without one, the help is not
// compared.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "dsl/syntax/diagnostic.h"

namespace rondo {

struct Complaint {
    std::string line, help;  // "error 2:19: unknown name 'Q'"
};

inline std::vector<Complaint> expected_complaints(const std::string& text) {
    std::vector<Complaint> complaints;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto mark = line.find("// ");
        if (mark == std::string::npos) continue;
        const std::string comment = line.substr(mark + 3);
        for (const char* kind : {"error ", "warning ", "unsupported "})
            if (comment.starts_with(kind)) complaints.push_back({comment, ""});
        if (comment.starts_with("help: ") && !complaints.empty()) complaints.back().help = comment.substr(6);
    }
    return complaints;
}

inline std::vector<Complaint> complaints(const Diagnostics& diagnostics) {
    auto list = diagnostics.list();
    std::stable_sort(list.begin(), list.end(), [](const Diagnostic& a, const Diagnostic& b) {
        return std::pair(a.span.file, a.span.begin) < std::pair(b.span.file, b.span.begin);
    });
    std::vector<Complaint> result;
    for (const Diagnostic& d : list) {
        const std::string kind = d.severity == Severity::error     ? "error "
                                 : d.severity == Severity::warning ? "warning "
                                                                   : "unsupported ";
        const std::string where = diagnostics.sources().where(d.span);
        const std::string place = where.empty() ? "?" : where.substr(where.find(':') + 1);
        result.push_back({kind + place + ": " + d.message, d.help});
    }
    return result;
}

// The diagnostics of `text` are those written in it, no more and no less.
inline void expect_complaints(const std::string& text, const Diagnostics& diagnostics) {
    SCOPED_TRACE(text);
    const auto expected = expected_complaints(text), found = complaints(diagnostics);
    std::vector<std::string> expected_lines, found_lines;
    for (const auto& complaint : expected) expected_lines.push_back(complaint.line);
    for (const auto& complaint : found) found_lines.push_back(complaint.line);
    EXPECT_EQ(found_lines, expected_lines) << diagnostics.render();
    for (std::size_t i = 0; i < std::min(expected.size(), found.size()); ++i) {
        if (expected[i].help.empty()) continue;
        EXPECT_EQ(found[i].help, expected[i].help);
    }
}

}  // namespace rondo
