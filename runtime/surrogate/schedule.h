// schedule.h: the learning rate of each epoch.
#pragma once
#include <limits>
#include <string>
#include <vector>

namespace rondo {

struct TrainOptions;

// Multiplies the rate by `factor` once the watched loss has not been below (1 - threshold) times its best for
// more than `patience` epochs. The rule of PyTorch's ReduceLROnPlateau in relative mode, and its defaults.
struct Plateau {
    int patience = 10;        // epochs
    double factor = 0.1;      // (0, 1)
    double threshold = 1e-4;  // [0, 1)
    // "training": the mean loss of the epoch. "validation". Otherwise a column of the rows: the mean loss of
    // those where it is not 0, as where a sampler chooses some of the rows for their loss.
    std::string watch = "training";
};

// The column of the rows that the schedule watches; empty if it watches none.
std::string watched_column(const TrainOptions&);

// Of epochs first_epoch, first_epoch + 1, ...; first_epochs: how many the first training had.
std::vector<double> learning_rates(const TrainOptions& options, int first_epoch, int first_epochs);

class PlateauRule {
  public:
    explicit PlateauRule(const Plateau& plateau) : plateau_(plateau) {}
    // What the rates that follow an epoch of this loss are multiplied by: 1 or `factor`.
    double after(double loss);

  private:
    Plateau plateau_;
    double best_ = std::numeric_limits<double>::infinity();
    int waited_ = 0;
};

}  // namespace rondo
