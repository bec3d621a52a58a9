#include <chrono>
#include <cstdio>
#include <iostream>
#include "runtime/api/models.h"
#include "runtime/estimate/likelihood.h"
#include "runtime/petab/petab.h"
using namespace rondo;
int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) try {
        Sources sources; Diagnostics d(sources);
        auto problem = read_petab(argv[i], load_network, d);
        if (d.has_errors()) { std::cout << d.render(); continue; }
        Likelihood l(std::move(problem)); LikelihoodRuns runs(l);
        const auto z = l.nominal();
        auto v = runs.evaluate(z);
        auto t0 = std::chrono::steady_clock::now();
        v = runs.evaluate(z);
        double ms = std::chrono::duration<double>(std::chrono::steady_clock::now() - t0).count() * 1e3;
        std::printf("%s %.6f prior %.6f calls %lu %.3f ms %s\n", argv[i], v.unlikelihood, v.improbability, v.calls, ms, v.failure.c_str());
    } catch (const std::exception& e) { std::cout << argv[i] << " threw " << e.what() << "\n"; }
}
