// driver.cpp: runs an entry point without libFuzzer: every file of a corpus, then mutations of them.
//
//     fuzz_model SEED COUNT FILE-OR-FOLDER...
//
// The same arguments give the same inputs. An input that aborts the program is left in `crash-input`.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "fuzz.h"

namespace {

namespace fs = std::filesystem;

std::string current;  // for the signal handler

void save_and_abort(int) {
    std::ofstream("crash-input", std::ios::binary) << current;
    std::signal(SIGABRT, SIG_DFL);
    std::abort();
}

void add(const fs::path& path, std::vector<std::string>& corpus) {
    if (fs::is_directory(path)) {
        std::vector<fs::path> files;
        for (const auto& entry : fs::recursive_directory_iterator(path))
            if (entry.is_regular_file()) files.push_back(entry.path());
        std::sort(files.begin(), files.end());
        for (const fs::path& file : files) add(file, corpus);
        return;
    }
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    corpus.push_back(text.str());
}

// One small change: bytes dropped, doubled or replaced, or a piece of another input put in.
std::string mutated(std::string text, const std::vector<std::string>& corpus, std::mt19937& random) {
    constexpr std::string_view bytes = "(){}[]\"'`\\;:,.=<>!&|^*/%+-$#\n\r\t 019eEinf\x00\x80\xff";
    const auto pick = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
    const std::size_t at = pick(text.size() + 1),
                      length = pick(std::min<std::size_t>(text.size() - at, 20) + 1);
    switch (pick(5)) {
        case 0: text.erase(at, length); break;
        case 1: text.insert(at, text.substr(at, length)); break;
        case 2: text.insert(at, 1, bytes[pick(bytes.size())]); break;
        case 3: text.insert(at, std::string(pick(2000), bytes[pick(bytes.size())])); break;
        default: {
            const std::string& other = corpus[pick(corpus.size())];
            text.insert(at, other.substr(pick(other.size() + 1), pick(200)));
        }
    }
    return text;
}

void run(const std::string& input) {
    current = input;
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 4) {
        std::cerr << "usage: " << arguments[0] << " SEED COUNT FILE-OR-FOLDER...\n";
        return 2;
    }
    for (const int signal : {SIGABRT, SIGSEGV, SIGFPE}) std::signal(signal, save_and_abort);
    std::vector<std::string> corpus;
    for (int i = 3; i < count; ++i) add(arguments[i], corpus);
    for (const std::string& input : corpus) run(input);
    std::mt19937 random(static_cast<unsigned>(std::atoi(arguments[1])));
    const int inputs = std::atoi(arguments[2]);
    for (int i = 0; i < inputs; ++i) {
        std::string input = corpus[random() % corpus.size()];
        for (unsigned changes = random() % 6 + 1; changes > 0; --changes)
            input = mutated(input, corpus, random);
        run(input);
    }
    std::cout << corpus.size() << " inputs and " << inputs << " mutations\n";
}
