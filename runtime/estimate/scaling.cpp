#include "runtime/estimate/scaling.h"

#include <cmath>
#include <numbers>

namespace rondo {

double scaled(Scaling scaling, double value) {
    switch (scaling) {
        case Scaling::log: return std::log(value);
        case Scaling::log10: return std::log10(value);
        default: return value;
    }
}

double unscaled(Scaling scaling, double z) {
    switch (scaling) {
        case Scaling::log: return std::exp(z);
        case Scaling::log10: return std::pow(10, z);
        default: return z;
    }
}

double scaled_slope(Scaling scaling, double value) {
    switch (scaling) {
        case Scaling::log: return 1 / value;
        case Scaling::log10: return 1 / (value * std::numbers::ln10);
        default: return 1;
    }
}

}  // namespace rondo
