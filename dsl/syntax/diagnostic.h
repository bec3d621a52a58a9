// diagnostic.h: everything wrong with a text, collected and shown in order with place, caret and a way out.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/error.h"
#include "dsl/syntax/source.h"

namespace rondo {

// unsupported: valid, but Rondo does not do it (exit status 3); counts as an error.
enum class Severity { error, unsupported, warning };

struct Diagnostic {
    Severity severity;
    Span span;
    std::string message;  // starts lower case, quotes names
    std::string help;     // "did you mean 'K_n' (parameter, line 2)?"; may be empty
};

// Keeps the first 100 errors and the first 100 warnings of a file, each once; render() says when there were
// more.
class Diagnostics {
  public:
    static constexpr int limit = 100;

    explicit Diagnostics(Sources& sources) : sources_(&sources) {}

    void error(Span span, std::string message, std::string help = {});
    void unsupported(Span span, std::string message, std::string help = {});
    void warning(Span span, std::string message, std::string help = {});
    // What is ours and not Antimony's: an error if refuse_extensions() was called.
    void extension(Span span, std::string message, std::string help = {});
    void refuse_extensions() { strict_ = true; }

    Sources& sources() { return *sources_; }
    const Sources& sources() const { return *sources_; }
    const std::vector<Diagnostic>& list() const { return list_; }
    bool has_errors() const;              // error or unsupported
    bool full(std::uint32_t file) const;  // further errors of `file` are not kept

    // Sorted by file and place:
    //   goodwin.ant:5:13: error: unknown name 'Kn' in the rate of 'transcription'
    //     5 |   -> M; v * Kn^n / (Kn^n + P^n)
    //       |             ^~
    //     help: did you mean 'K_n' (parameter, line 2)?
    // Long lines are cut around the caret; control bytes are shown escaped.
    std::string render() const;

    // Throws Error (input, or unsupported if that is all that is wrong) with render() if has_errors().
    void throw_if_errors() const;

  private:
    void add(Diagnostic);

    struct Count {
        int errors = 0, warnings = 0;
    };
    Sources* sources_;
    std::vector<Diagnostic> list_;
    bool strict_ = false;
    std::map<std::uint32_t, Count> counts_;  // of a file, kept or not
};

std::string render(const Diagnostic&, const Sources&);

// The candidate a user most likely meant: case and separators aside first, then a small edit distance
// (Damerau-Levenshtein, at most a third of the length). Empty if none is near.
std::optional<std::string> nearest(std::string_view name, std::span<const std::string> candidates);

// "did you mean 'points'?", or `otherwise` if no candidate is near: help for who wrote `name`.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates,
                         const std::string& otherwise = "");

}  // namespace rondo
