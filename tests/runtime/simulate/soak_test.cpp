// Models that are loaded, run and dropped leave nothing behind: their machine code is freed.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "runtime/api/models.h"
#include "runtime/simulate/simulate.h"

namespace rondo {
namespace {

// Resident memory of this process.
double megabytes() {
    std::ifstream file("/proc/self/statm");
    double size = 0, resident = 0;
    file >> size >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

void run_models(int first, int last) {
    for (int i = first; i < last; ++i) {
        const std::string k = std::to_string(1 + i);
        const Model model = parse_model("A -> B; k*A/(1 + A + " + k + "); A = 10; k = " + k, "m.ant");
        SimulateOptions options;
        options.end = 1;
        options.points = 2;
        ASSERT_LT(simulate(model, options).table.numbers("A").back(), 10);
    }
}

// All 10 000 of the benchmark: RONDO_SOAK=10000.
TEST(Soak, MemoryStaysFlatOverManyModels) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "the sanitizer keeps freed memory on purpose";
#endif
    const char* const asked = std::getenv("RONDO_SOAK");
    const int models = asked ? std::atoi(asked) : 300;
    setenv("RONDO_CODE_CACHE", "off", 1);
    run_models(0, 100);  // what is made once and stays
    const double before = megabytes();
    run_models(100, 100 + models);
    const double grown = megabytes() - before;
    RecordProperty("megabytes", std::to_string(grown));
    EXPECT_LT(grown, 3) << "after " << models << " models: " << before << " MB before";
}

}  // namespace
}  // namespace rondo
