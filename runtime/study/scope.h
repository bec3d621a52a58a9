// scope.h: the top-level bindings of one file of a study.
#pragma once
#include <map>
#include <string>

#include "runtime/study/value.h"

namespace rondo {

struct Binding {
    Value value;
    Span span;              // where it was bound
    std::size_t order = 0;  // grows with each binding
    bool own = true;        // bound in this file, not taken from another by `use`
};

// A file's functions see its scope and no other, so that a name of the study cannot break the library's code.
struct FileScope {
    std::map<std::string, Binding, std::less<>> bindings;
    std::map<std::string, Span> announced = {};  // where the file binds a name first, run or not

    const Value* find(std::string_view name) const {
        const auto found = bindings.find(name);
        return found == bindings.end() ? nullptr : &found->second.value;
    }
};

}  // namespace rondo
