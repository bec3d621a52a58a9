// sundials.h: handles of SUNDIALS that free what they hold. CVODES is CVODE with sensitivities; both have the
// same names, so that a program has one of them. Private to runtime/integrate.
#pragma once
#include <cvodes/cvodes.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_version.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunlinsol/sunlinsol_spgmr.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunmatrix/sunmatrix_sparse.h>

#include <memory>
#include <type_traits>

namespace rondo::sundials {

template <auto destroy>
struct Destroy {
    template <class T>
    void operator()(T* handle) const {
        destroy(handle);
    }
};
inline void free_context(SUNContext context) {
    SUNContext_Free(&context);
}
inline void free_cvode(void* memory) {
    CVodeFree(&memory);
}
template <class Handle, auto destroy>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Destroy<destroy>>;
using Context = Owned<SUNContext, free_context>;
using Vector = Owned<N_Vector, N_VDestroy>;
using Matrix = Owned<SUNMatrix, SUNMatDestroy>;
using LinearSolver = Owned<SUNLinearSolver, SUNLinSolFree>;
using Cvode = Owned<void*, free_cvode>;

// Gives a vector, and all that are cloned from it, sums of many terms in one call, and kernels.h in place of
// SUNDIALS' own.
void use_kernels(N_Vector vector);

// SUNDIALS prints its complaints to stderr unless told not to. Ours are told by Outcome alone.
#if SUNDIALS_VERSION_MAJOR >= 7
inline Context make_context() {
    SUNContext context = nullptr;
    SUNContext_Create(SUN_COMM_NULL, &context);
    SUNContext_ClearErrHandlers(context);
    return Context(context);
}
inline void silence(void*) {}
#else
inline Context make_context() {
    SUNContext context = nullptr;
    SUNContext_Create(nullptr, &context);
    return Context(context);
}
inline void silence(void* cvode) {
    CVodeSetErrHandlerFn(
        cvode, [](int, const char*, const char*, char*, void*) {}, nullptr);
}
#endif

}  // namespace rondo::sundials
