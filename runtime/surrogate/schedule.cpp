#include "runtime/surrogate/schedule.h"

#include <cmath>
#include <numbers>

#include "runtime/surrogate/train.h"

namespace rondo {

namespace {

// Share of the full rate: `after` epochs of `all` behind warm-up.
double share(const TrainOptions& options, double after, double all, int first_epochs) {
    switch (options.schedule) {
        case Schedule::inverse: return 1 / (1 + 0.2 * after / (options.learning_rate * first_epochs));
        case Schedule::cosine: return 0.5 * (1 + std::cos(std::numbers::pi * after / all));
        case Schedule::exponential: return std::pow(0.01, after / all);
        case Schedule::step: return std::pow(0.9, std::floor(after / 5000));
        case Schedule::plateau:  // as long as the loss falls
        case Schedule::constant: return 1;
    }
    return 1;
}

}  // namespace

std::string watched_column(const TrainOptions& options) {
    const std::string& watch = options.plateau.watch;
    if (options.schedule != Schedule::plateau || watch == "training" || watch == "validation") return {};
    return watch;
}

std::vector<double> learning_rates(const TrainOptions& options, int first_epoch, int first_epochs) {
    std::vector<double> rates;
    const double all = first_epoch + options.epochs - options.warm_up;
    for (int e = first_epoch; e < first_epoch + options.epochs; ++e) {
        const double after = e - options.warm_up;
        rates.push_back(options.learning_rate *
                        (after < 0 ? (e + 1.0) / options.warm_up : share(options, after, all, first_epochs)));
    }
    return rates;
}

double PlateauRule::after(double loss) {
    if (loss < best_ * (1 - plateau_.threshold)) {
        best_ = loss;
        waited_ = 0;
        return 1;
    }
    if (++waited_ <= plateau_.patience) return 1;
    waited_ = 0;
    return plateau_.factor;
}

}  // namespace rondo
