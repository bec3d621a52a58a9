// match.h: which argument of a call goes to which parameter, for calls being made and calls being checked.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "runtime/study/verb.h"

namespace rondo {

struct Matched {
    struct Wrong {
        Span span;
        std::string message;
    };
    std::vector<std::pair<std::string, Call::Given>> bound;  // by parameter
    std::vector<Call::Given> rest;                           // what "..." lets through
    std::vector<Wrong> mistakes;                             // too many, unknown or given twice
};

// The rules are those of Call::bind.
Matched match(const std::string& verb, const std::vector<Call::Given>& given,
              const std::vector<std::string>& parameters);

}  // namespace rondo
