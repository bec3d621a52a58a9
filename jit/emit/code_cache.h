// code_cache.h: machine code kept between runs of the program, so that a model is compiled once a machine.
//
// A file an object, named by the hash of all that made it: the IR (which says all of the graph, the method
// and the lanes), the level of effort, the CPU and its features, LLVM's version. Written beside and renamed,
// read with its checksum: several processes and machines may share the folder. Beyond a bound, what was used
// least recently goes.
//
// The folder is $RONDO_CODE_CACHE, else rondo/code in the user's cache folder ($XDG_CACHE_HOME, ~/.cache);
// RONDO_CODE_CACHE=off switches it off. Nothing that goes wrong here is told: code is made anew.
#pragma once
#include <llvm/ExecutionEngine/ObjectCache.h>

#include <filesystem>
#include <string>

namespace rondo {

class CodeCache : public llvm::ObjectCache {
  public:
    // For one module. target: what the code is made for, beside the IR.
    explicit CodeCache(std::string target);
    void notifyObjectCompiled(const llvm::Module* module, llvm::MemoryBufferRef object) override;
    std::unique_ptr<llvm::MemoryBuffer> getObject(const llvm::Module* module) override;

  private:
    std::filesystem::path folder_;  // empty: off
    std::string target_;
    std::filesystem::path file_;  // named by the module as it was: making code changes it
};

}  // namespace rondo
