#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <iostream>
#include "runtime/api/models.h"
#include "runtime/estimate/likelihood_runs.h"
#include "runtime/petab/petab.h"
using namespace rondo;
int main(int argc, char** argv) {
    bool grad = false, check=false;
    for (int i = 1; i < argc; ++i) try {
        if (!strcmp(argv[i], "-g")) { grad = true; continue; }
        if (!strcmp(argv[i], "-c")) { check = grad = true; continue; }
        Sources sources; Diagnostics d(sources);
        auto problem = read_petab(argv[i], load_network, d);
        if (d.has_errors()) { std::cout << d.render(); continue; }
        LikelihoodOptions o; if (getenv("RTOL")) o.integrate.rtol = atof(getenv("RTOL"));
        if (getenv("ATOL")) o.integrate.atol = atof(getenv("ATOL"));
        Likelihood l(std::move(problem), o);
        LikelihoodSlopes sl(l);
        LikelihoodRuns runs(sl, l);
        const auto z = l.nominal();
        auto v = runs.evaluate(z);
        auto t0 = std::chrono::steady_clock::now();
        v = runs.evaluate(z);
        auto ms = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - t0).count() * 1e3; };
        double m0 = ms();
        std::printf("%s %.6f prior %.6f calls %lu %.3f ms %s\n", argv[i], v.unlikelihood, v.improbability, v.calls, m0, v.failure.c_str());
        if (!grad) continue;
        t0 = std::chrono::steady_clock::now();
        auto g = runs.evaluate_slopes(z);
        g = runs.evaluate_slopes(z);
        std::printf("   gradient: %.6f calls %lu %.3f ms %s\n", g.unlikelihood, g.calls, ms() / 2, g.failure.c_str());
        if (getenv("DUMP")) { for (double x : g.gradient) std::printf("G %.12g\n", x); }
        if (!check) continue;
        double worst = 0, norm = 0; size_t w = 0;
        std::vector<double> fd(z.size());
        for (size_t k = 0; k < z.size(); ++k) {
            const double h = 1e-4; auto zp = z, zm = z; zp[k] += h; zm[k] -= h;
            fd[k] = (runs.evaluate(zp).objective() - runs.evaluate(zm).objective()) / (2 * h);
            norm = std::max(norm, std::abs(fd[k]));
        }
        for (size_t k = 0; k < z.size(); ++k) {
            double e = std::abs(fd[k] - g.gradient[k]) / (std::abs(fd[k]) + 1e-3 * norm + 1e-2);
            if (e > worst) worst = e, w = k;
        }
        std::printf("   worst: %s fd %g own %g (rel %g; norm %g)\n", l.problem().free[w].id.c_str(), fd[w], g.gradient[w], worst, norm);
    } catch (const std::exception& e) { std::cout << argv[i] << " threw " << e.what() << "\n"; }
}
