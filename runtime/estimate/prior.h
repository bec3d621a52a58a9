// prior.h: what is known of a parameter before the data.
#pragma once
#include "runtime/estimate/scaling.h"
#include "runtime/sample/random.h"

namespace rondo {

// The distribution of a parameter's value; of its scaled value if `of_scaled`.
struct Prior {
    enum class Kind : std::uint8_t { uniform, normal, laplace, log_normal, log_laplace } kind = Kind::uniform;
    bool of_scaled = false;
    double first = 0, second = 0;  // lower and upper end; else location and scale, of the logarithm for log_
};

struct Improbability {
    double value;      // -log of the density; infinite where it is 0
    double slope;      // d value / d z, z the scaled value
    double curvature;  // as if the distribution were normal: of Gauss and Newton's kind, >= 0
};

// At the scaled value z of a parameter on the scale `scaling`.
Improbability improbability(const Prior&, Scaling scaling, double z);

// A scaled value drawn from it.
double draw(const Prior&, Scaling scaling, Random&);

}  // namespace rondo
