// powell.h: Powell's method of conjugate directions as SciPy modified it, for values that are known only as
// far as they have to be.
//
// Source: Powell, Computer J. 7 (1964) 155; the line search is Brent's, its bracket by parabolic steps and
// golden sections (Press et al., Numerical Recipes, chapter 10). Decisions and order of calls are those of
// SciPy's minimize(method="Powell") without bounds, so that iterates are the same.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace rondo {

// A function whose values may be found lazily. Values are named by the order in which they were asked for.
class LazyFunction {
  public:
    using Handle = std::size_t;
    virtual Handle at(std::vector<double> x) = 0;
    virtual bool less(Handle a, Handle b) = 0;  // exactly: value(a) < value(b)
    virtual double value(Handle) = 0;

  protected:
    ~LazyFunction() = default;
};

struct PowellOptions {
    double xtol = 1e-4, ftol = 1e-4;
    std::size_t calls = 200;  // of the function; 0: no bound
};

struct PowellEnd {
    std::vector<double> x;
    LazyFunction::Handle value;
    std::size_t calls = 0;
};

// The point that the last complete line search gave.
PowellEnd powell(LazyFunction&, std::vector<double> start, const PowellOptions&);

}  // namespace rondo
