// print_remark.cpp: remarks as Antimony.
#include <algorithm>

#include "dsl/model/printer.h"
#include "dsl/model/remark.h"
#include "dsl/syntax/model_tree.h"

namespace rondo {

namespace {

struct Sign {
    std::string_view property, sign;
};

constexpr Sign signs[] = {{"activator", " -o "}, {"inhibitor", " -| "}, {"influence", " -( "}};

constexpr std::string_view declarations[] = {"gene", "operator", "DNA", "geneProduct"};

bool is_address(const std::string& value) {
    return value.find("://") != std::string::npos || value.starts_with("urn:");
}

std::string list_of(const std::vector<std::string>& values) {
    std::string text;
    for (const std::string& value : values) text += (text.empty() ? "" : ", ") + quoted(value);
    return text;
}

std::string bare(const std::vector<std::string>& values) {
    if (values.size() == 1) return is_address(values[0]) ? quoted(values[0]) : values[0];
    std::string text = "{";
    for (const std::string& value : values) text += (text.size() == 1 ? "" : ", ") + value;
    return text + "}";
}

}  // namespace

void Printer::print(const Remark& remark, const std::string& of) {
    if (remark.values.empty() && std::ranges::find(declarations, remark.property) == std::end(declarations))
        return;
    const auto sign = std::ranges::find(signs, remark.property, &Sign::property);
    if (sign != std::end(signs)) {
        const std::string label = remark.values.size() > 1 ? remark.values[1] + ": " : "";
        return line(label + name(remark.values[0]) + std::string(sign->sign) + of);
    }
    if (remark.property == "strand")
        return line((remark.values.size() > 1 ? remark.values[1] + ": " : "") + remark.values[0]);
    if (std::ranges::find(declarations, remark.property) != std::end(declarations))
        return line(remark.property + " " + of);
    if (is_sbo_term(remark.property))
        return line((of.empty() ? "model" : of) + "." + remark.property + " = " + remark.values[0]);
    if (remark.property == "chemicalFormula")
        return line(of + ".chemicalFormula is " + quoted(remark.values[0]));
    if (!said_behind_point(remark.property))
        return line((of.empty() ? "model" : of) + " " + remark.property + " " + list_of(remark.values));
    const bool address = remark.values.size() == 1 && is_address(remark.values[0]);
    line(of + "." + remark.property + (address ? " is " : " = ") + bare(remark.values));
}

void Printer::print_remarks() {
    for (const Remark& remark : network_.remarks) {
        const auto is_it = [&](const FunctionDefinition& function) { return function.id == remark.of; };
        if (remark.of.empty() || std::ranges::none_of(network_.functions, is_it))
            print(remark, remark.of.empty() ? "" : name(remark.of));
    }
}

void Printer::print_remarks_of(const std::string& function) {
    for (const Remark& remark : network_.remarks)
        if (remark.of == function) print(remark, name(function));
}

}  // namespace rondo
