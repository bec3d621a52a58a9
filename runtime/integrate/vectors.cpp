// vectors.cpp: what SUNDIALS' vectors do, by our kernels.
#include "runtime/integrate/kernels.h"
#include "runtime/integrate/sundials.h"

namespace rondo::sundials {
namespace {

std::size_t size_of(N_Vector v) {
    return static_cast<std::size_t>(NV_LENGTH_S(v));
}

void linear_sum(double a, N_Vector x, double b, N_Vector y, N_Vector z) {
    rondo::linear_sum(size_of(z), a, NV_DATA_S(x), b, NV_DATA_S(y), NV_DATA_S(z));
}

void scale(double c, N_Vector x, N_Vector z) {
    rondo::scale(size_of(z), c, NV_DATA_S(x), NV_DATA_S(z));
}

double weighted_norm(N_Vector x, N_Vector w) {
    return rondo::weighted_norm(size_of(x), NV_DATA_S(x), NV_DATA_S(w));
}

int linear_combination(int count, double* c, N_Vector* x, N_Vector z) {
    rondo::linear_combination(
        size_of(z), count, c, [x](int j) { return NV_DATA_S(x[j]); }, NV_DATA_S(z));
    return 0;
}

// z[j] = c[j] x + y[j]
int scale_add_multi(int count, double* c, N_Vector x, N_Vector* y, N_Vector* z) {
    for (int j = 0; j < count; ++j) linear_sum(c[j], x, 1, y[j], z[j]);
    return 0;
}

// ---- of a run's slopes: a vector a direction ----

int linear_sum_array(int vectors, double a, N_Vector* x, double b, N_Vector* y, N_Vector* z) {
    for (int i = 0; i < vectors; ++i) linear_sum(a, x[i], b, y[i], z[i]);
    return 0;
}

int scale_array(int vectors, double* c, N_Vector* x, N_Vector* z) {
    for (int i = 0; i < vectors; ++i) scale(c[i], x[i], z[i]);
    return 0;
}

int weighted_norm_array(int vectors, N_Vector* x, N_Vector* w, double* norms) {
    for (int i = 0; i < vectors; ++i) norms[i] = weighted_norm(x[i], w[i]);
    return 0;
}

// z[j][i] = c[j] x[i] + y[j][i]
int scale_add_multi_array(int vectors, int count, double* c, N_Vector* x, N_Vector** y, N_Vector** z) {
    for (int j = 0; j < count; ++j)
        for (int i = 0; i < vectors; ++i) linear_sum(c[j], x[i], 1, y[j][i], z[j][i]);
    return 0;
}

// z[i] = c[0] x[0][i] + c[1] x[1][i] + ...
int linear_combination_array(int vectors, int count, double* c, N_Vector** x, N_Vector* z) {
    for (int i = 0; i < vectors; ++i)
        rondo::linear_combination(
            size_of(z[i]), count, c, [=](int j) { return NV_DATA_S(x[j][i]); }, NV_DATA_S(z[i]));
    return 0;
}

}  // namespace

void use_kernels(N_Vector vector) {
    N_VEnableFusedOps_Serial(vector, SUNTRUE);
    vector->ops->nvlinearsum = linear_sum;
    vector->ops->nvscale = scale;
    vector->ops->nvwrmsnorm = weighted_norm;
    vector->ops->nvlinearcombination = linear_combination;
    vector->ops->nvscaleaddmulti = scale_add_multi;
    vector->ops->nvlinearsumvectorarray = linear_sum_array;
    vector->ops->nvscalevectorarray = scale_array;
    vector->ops->nvwrmsnormvectorarray = weighted_norm_array;
    vector->ops->nvscaleaddmultivectorarray = scale_add_multi_array;
    vector->ops->nvlinearcombinationvectorarray = linear_combination_array;
}

}  // namespace rondo::sundials
