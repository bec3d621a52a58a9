// moment.h: what names are worth at one moment, the start of a run or along it.
#pragma once
#include <functional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "jit/graph/graph.h"

namespace rondo {

struct Definition {
    std::string_view name;
    std::vector<std::string_view> needs;  // names it reads; those without a definition are ignored
    std::function<NodeId()> make;         // called once, when all it needs is there
};

class Moment {
  public:
    void define(Definition definition);
    // Makes every value, in order of need: long chains of definitions cost no recursion. Throws Error(input)
    // if one needs itself.
    void settle();
    // Throws Error(input) for an unknown name.
    NodeId operator[](std::string_view name) const;
    // Of a settled moment: every value.
    std::vector<NodeId> values() const;
    // Puts change(value) in the place of each.
    void replace(const std::function<NodeId(NodeId)>& change);

  private:
    enum class Progress : std::uint8_t { open, begun, done };
    void settle(std::size_t first);
    std::vector<Definition> definitions_;
    std::vector<Progress> progress_;
    std::unordered_map<std::string_view, std::size_t> index_;
    std::unordered_map<std::string_view, NodeId> values_;
};

}  // namespace rondo
