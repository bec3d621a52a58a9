// Our side of train_against_pytorch: reads lines "HIDDEN BATCH EPOCHS PRECISION BATCH_NORM DATA.csv", HIDDEN being
// "128,256,128", and answers each with the CPU seconds of that training and its last loss.
#include <ctime>
#include <iostream>
#include <sstream>

#include "runtime/surrogate/train.h"
#include "runtime/table/csv.h"
#include "runtime/table/file.h"

namespace {

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

int main() {
    using namespace rondo;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string hidden, precision, file;
        int batch = 0, epochs = 0, batch_norm = 0;
        words >> hidden >> batch >> epochs >> precision >> batch_norm >> file;
        Mlp mlp{.hidden = {}, .batch_norm = batch_norm != 0};
        std::istringstream widths(hidden);
        for (std::string width; std::getline(widths, width, ',');) mlp.hidden.push_back(std::stoi(width));
        const Table data = read_csv(file);
        Box box;
        std::vector<std::string> targets;
        for (const auto& name : data.names()) {
            if (name[0] == 'x')
                box.axes.push_back({name, 0, 1});
            else
                targets.push_back(name);
        }
        TrainOptions options{
            .epochs = epochs, .warm_up = 0, .batch = batch, .patience = 0, .device = Device::cpu};
        options.single = precision == "float";
        const double before = cpu_seconds();
        const Surrogate trained = train(data, {}, box, targets, mlp, options, Executor(1));
        std::cout << cpu_seconds() - before << ' ' << trained.history.numbers("train_loss").back()
                  << std::endl;
    }
}
