// compile.h: an OdeSystem as native code, behind plain function pointers. The only header of jit's back half;
// nothing above it knows LLVM.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "jit/graph/system.h"

namespace rondo {

class NativeCode;

// All arrays are lane-interleaved, [count][lanes]; `lanes` is CompiledModel::lanes. t is [lanes].
struct ModelCode {
    // Completes p (in: the inputs; out: derived values too, and inputs that an initial assignment computes)
    // and gives y at t.
    void (*initialize)(const double* t, double* p, double* y);
    void (*rhs)(const double* t, const double* y, const double* p, double* dydt);
    // values: [nonzeros][lanes], in the order of OdeSystem::row_index.
    void (*jacobian)(const double* t, const double* y, const double* p, double* values);
    // out: [selected outputs][lanes]
    void (*outputs)(const double* t, const double* y, const double* p, double* out);
    // Null where the system has none of them.
    // out: [modes][lanes]
    void (*modes)(const double* t, const double* y, const double* p, double* out);
    // out: [delays][value, lag][lanes]
    void (*delays)(const double* t, const double* y, const double* p, double* out);
    // out: [event_values][lanes]
    void (*events)(const double* t, const double* y, const double* p, double* out);
    // out: [constraints] residuals, the constraint_matrix, then every direction's coefficients, [lanes]
    void (*constraints)(const double* t, const double* y, const double* p, double* out);
};

struct CompileOptions {
    int lanes = 1;
    std::vector<NodeId> outputs;  // what ModelCode::outputs computes, in order
    std::vector<NodeId> apart;    // what functions of their own compute, one each (see CompiledModel::apart)
    int optimize = -1;            // effort of the code generator, 0..3; -1: 1, but 0 for large models
};

// out: [1][lanes]
using ValueCode = void (*)(const double* t, const double* y, const double* p, double* out);

// Owns its machine code. Immutable, shared between threads.
class CompiledModel {
  public:
    CompiledModel(const CompiledModel&) = delete;
    ~CompiledModel();
    const OdeSystem& system() const { return *system_; }
    const std::shared_ptr<const OdeSystem>& shared_system() const { return system_; }
    const ModelCode& code() const { return code_; }
    int lanes() const { return lanes_; }
    std::size_t state_count() const { return system_->states.size(); }
    std::size_t parameter_count() const { return system_->parameter_count(); }
    const std::vector<NodeId>& outputs() const { return outputs_; }  // as selected in CompileOptions
    std::size_t output_count() const { return outputs_.size(); }
    const std::vector<ValueCode>& apart() const { return apart_; }  // as selected in CompileOptions

  private:
    friend std::shared_ptr<const CompiledModel> compile(std::shared_ptr<const OdeSystem>,
                                                        const CompileOptions&);
    CompiledModel() = default;
    std::unique_ptr<NativeCode> native_;
    std::shared_ptr<const OdeSystem> system_;
    ModelCode code_{};
    int lanes_ = 1;
    std::vector<NodeId> outputs_;
    std::vector<ValueCode> apart_;
};

std::shared_ptr<const CompiledModel> compile(std::shared_ptr<const OdeSystem>, const CompileOptions& = {});

// For `--dump ir`: the LLVM IR that is compiled.
std::string emit_text(const OdeSystem&, const CompileOptions& = {});

// The version of LLVM, and the host CPU that code is made for ("19.1.7", "znver3").
std::string llvm_version();
std::string host_cpu();

}  // namespace rondo
