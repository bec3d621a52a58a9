// moment.cpp: definitions settled in order of need.
#include "jit/graph/moment.h"

#include <string>

#include "dsl/syntax/error.h"

namespace rondo {

void Moment::define(Definition definition) {
    index_.emplace(definition.name, definitions_.size());
    definitions_.push_back(std::move(definition));
}

void Moment::settle() {
    progress_.assign(definitions_.size(), Progress::open);
    for (std::size_t i = 0; i < definitions_.size(); ++i) settle(i);
}

// Depth first, with a stack of our own: a definition and how many of its needs have been looked at.
void Moment::settle(std::size_t first) {
    std::vector<std::pair<std::size_t, std::size_t>> stack{{first, 0}};
    while (!stack.empty()) {
        auto& [at, seen] = stack.back();
        Definition& definition = definitions_[at];
        if (progress_[at] == Progress::done) {
            stack.pop_back();
        } else if (seen == definition.needs.size()) {
            values_.emplace(definition.name, definition.make());
            progress_[at] = Progress::done;
        } else {
            progress_[at] = Progress::begun;
            const auto needed = index_.find(definition.needs[seen++]);
            if (needed == index_.end() || progress_[needed->second] == Progress::done) continue;
            if (progress_[needed->second] == Progress::begun) {
                throw Error(Fault::input, "'" + std::string(needed->first) + "' is defined by itself");
            }
            stack.emplace_back(needed->second, 0);
        }
    }
}

NodeId Moment::operator[](std::string_view name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) throw Error(Fault::input, "unknown name '" + std::string(name) + "'");
    return found->second;
}

std::vector<NodeId> Moment::values() const {
    std::vector<NodeId> values;
    for (const auto& [name, value] : values_) values.push_back(value);
    return values;
}

void Moment::replace(const std::function<NodeId(NodeId)>& change) {
    for (auto& [name, value] : values_) value = change(value);
}

}  // namespace rondo
