#include "runtime/integrate/direct.h"

#include <algorithm>
#include <cmath>

namespace rondo::sundials {
namespace {

// Minimum degree of A + A': reactions couple both ways, so the pattern is nearly symmetric, and COLAMD, the
// default, fills in more (measured on BioModels 255 and 595).
constexpr int amd = 0;

}  // namespace

Matrix make_matrix(const JacobianPattern& pattern, N_Vector y, SUNContext context) {
    const sunindextype size = N_VGetLength(y);
    if (!pattern.sparse) return Matrix(SUNDenseMatrix(size, size, context));
    return Matrix(SUNSparseMatrix(size, size, std::ssize(pattern.row_index), CSC_MAT, context));
}

LinearSolver make_solver(const JacobianPattern& pattern, N_Vector y, SUNMatrix matrix, SUNContext context) {
    if (!pattern.sparse) return LinearSolver(SUNLinSol_Dense(y, matrix, context));
    LinearSolver solver(SUNLinSol_KLU(y, matrix, context));
    SUNLinSol_KLUSetOrdering(solver.get(), amd);
    return solver;
}

void fill(SUNMatrix matrix, const JacobianPattern& pattern, std::span<const double> values, double factor) {
    SUNMatZero(matrix);
    double* out = pattern.sparse ? SUNSparseMatrix_Data(matrix) : SUNDenseMatrix_Data(matrix);
    if (pattern.sparse) {
        std::copy(pattern.column_start.begin(), pattern.column_start.end(),
                  SUNSparseMatrix_IndexPointers(matrix));
        std::copy(pattern.row_index.begin(), pattern.row_index.end(), SUNSparseMatrix_IndexValues(matrix));
    }
    for (std::size_t k = 0; k < values.size(); ++k)
        out[pattern.slot[k]] = std::isfinite(values[k]) ? factor * values[k] : 0;
}

void forget_pivots(const JacobianPattern& pattern, SUNLinearSolver solver, SUNMatrix matrix) {
    if (pattern.sparse)
        SUNLinSol_KLUReInit(solver, matrix, std::ssize(pattern.row_index), SUNKLU_REINIT_PARTIAL);
}

}  // namespace rondo::sundials
