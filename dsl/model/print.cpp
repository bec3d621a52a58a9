// print.cpp: networks as Antimony.
#include "dsl/model/print.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

namespace rondo {

namespace {

// What Antimony keeps for itself: an id that is one of them gets a `_` behind it, as libAntimony's own writer
// does.
constexpr std::string_view reserved[] = {"DNA",
                                         "after",
                                         "at",
                                         "compartment",
                                         "const",
                                         "constraint",
                                         "delete",
                                         "end",
                                         "event",
                                         "ext",
                                         "formula",
                                         "function",
                                         "gene",
                                         "geneProduct",
                                         "has",
                                         "import",
                                         "in",
                                         "is",
                                         "maximize",
                                         "minimize",
                                         "model",
                                         "module",
                                         "operator",
                                         "reaction",
                                         "species",
                                         "substanceOnly",
                                         "unit",
                                         "var",
                                         "sqr",
                                         "delay",
                                         "rateOf",
                                         "normal",
                                         "truncatedNormal",
                                         "uniform",
                                         "exponential",
                                         "truncatedExponential",
                                         "gamma",
                                         "truncatedGamma",
                                         "poisson",
                                         "truncatedPoisson",
                                         "binomial",
                                         "bernoulli",
                                         "cauchy",
                                         "laplace",
                                         "lognormal",
                                         "chisquare",
                                         "rayleigh",
                                         "NaN",
                                         "INF"};

constexpr std::string_view units[] = {"length", "area", "volume", "substance", "extent", "time_unit"};

template <std::size_t n>
bool contains(const std::string_view (&list)[n], std::string_view id) {
    return std::find(std::begin(list), std::end(list), id) != std::end(list);
}

// Of an argument of a function, which may be called like a unit.
bool is_reserved_argument(std::string_view id) {
    return function_named(id) || constant_named(id) || contains(reserved, id);
}

bool is_reserved(std::string_view id) {
    return is_reserved_argument(id) || contains(units, id);
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c == '\n' || c == '\r' ? ' ' : c;
    }
    return result + "\"";
}

std::string number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "INF" : "-INF";
    return to_text(*make_number(value));
}

class Printer {
  public:
    explicit Printer(const Network& network) : network_(network) { choose_names(); }

    std::string print() {
        for (const auto& function : network_.functions) print(function);
        const std::string id = network_.id.empty() || network_.id == "__main" ? "" : name(network_.id);
        if (!id.empty()) out_ += "model *" + id + "\n";
        for (const auto& compartment : network_.compartments) print(compartment);
        for (const auto& species : network_.species) print(species);
        for (const auto& parameter : network_.parameters) print(parameter);
        for (const auto& reaction : network_.reactions) print(reaction);
        for (const auto& assignment : network_.initial_assignments) print(assignment);
        for (const auto& rule : network_.rules) print(rule);
        if (!id.empty()) out_ += "end\n";
        if (!id.empty() && !network_.name.empty()) out_ += id + " is " + quoted(network_.name) + "\n";
        return std::move(out_);
    }

  private:
    // ---- names ----

    void choose_names() {
        const auto take = [&](const auto& items) {
            for (const auto& item : items) taken_.insert(item.id);
        };
        take(network_.functions);
        take(network_.compartments);
        take(network_.species);
        take(network_.parameters);
        take(network_.reactions);
        for (const auto& rule : network_.rules) ruled_.insert(rule.variable);
        for (const auto& assignment : network_.initial_assignments) assigned_.insert(assignment.symbol);
    }

    std::string free_name(std::string name) {
        while (taken_.contains(name) || is_reserved(name)) name += '_';
        taken_.insert(name);
        return name;
    }

    std::string name(const std::string& id) {
        if (!is_reserved(id)) return id;
        auto& chosen = renamed_[id];
        if (chosen.empty()) chosen = free_name(id + "_");
        return chosen;
    }

    using Renames = std::unordered_map<std::string, std::string>;

    // With reserved ids replaced, and those in `local` by what they map to.
    MathPtr renamed(const MathPtr& math, const Renames& local) {
        const bool named = math->op == Op::symbol || math->op == Op::call;
        std::vector<MathPtr> args;
        bool same = true;
        for (const MathPtr& argument : math->args) {
            args.push_back(renamed(argument, local));
            same = same && args.back() == argument;
        }
        std::string id = math->name;
        if (named) {
            const auto found = math->op == Op::symbol ? local.find(id) : local.end();
            id = found == local.end() ? name(id) : found->second;
        }
        if (same && id == math->name) return math;
        return std::make_shared<const Math>(Math{math->op, math->value, id, std::move(args), math->span});
    }

    std::string text(const MathPtr& math, const Renames& local = {}) {
        return to_text(*renamed(math, local));
    }

    void print_title(const std::string& id, const std::string& title) {
        if (!title.empty()) out_ += "  " + id + " is " + quoted(title) + ";\n";
    }

    // ---- elements ----

    void print(const FunctionDefinition& function) {
        Renames arguments;
        std::string list;
        for (const std::string& argument : function.arguments) {
            const std::string written = is_reserved_argument(argument) ? argument + "_" : argument;
            arguments[argument] = written;
            list += (list.empty() ? "" : ", ") + written;
        }
        const std::string id = name(function.id);
        out_ += "function " + id + "(" + list + ")\n  " + text(function.body, arguments) + "\nend\n";
        if (!function.name.empty()) out_ += id + " is " + quoted(function.name) + "\n";
    }

    // Constancy is written where it is not what would be read from the rest.
    std::string flag(const std::string& id, bool constant) const {
        if (constant) return assigned_.contains(id) ? "const " : "";
        return ruled_.contains(id) ? "" : "var ";
    }

    void print(const Compartment& compartment) {
        if (compartment.implicit) return;
        const std::string id = name(compartment.id);
        out_ += "  " + flag(compartment.id, compartment.constant) + "compartment " + id;
        if (compartment.size) out_ += " = " + number(*compartment.size);
        out_ += ";\n";
        print_title(id, compartment.name);
    }

    void print(const Species& species) {
        const std::string id = name(species.id);
        const auto value = species.substance_only ? species.initial_amount : species.initial_concentration;
        const Compartment* compartment = find_compartment(network_, species.compartment);
        out_ += species.substance_only ? "  substanceOnly species " : "  species ";
        out_ += (species.boundary || species.constant ? "$" : "") + id;
        if (compartment && !compartment->implicit) out_ += " in " + name(species.compartment);
        if (value)
            out_ += " = " + number(*value);
        else if (species.initial_amount)
            out_ += " = " + number(*species.initial_amount) + "/" + name(species.compartment);
        else if (species.initial_concentration)
            out_ += " = " + number(*species.initial_concentration) + "*" + name(species.compartment);
        out_ += ";\n";
        print_title(id, species.name);
    }

    void print(const GlobalParameter& parameter) {
        const std::string id = name(parameter.id);
        const std::string constancy = flag(parameter.id, parameter.constant);
        out_ += "  " + (constancy.empty() && !parameter.value ? "formula " : constancy) + id;
        if (parameter.value) out_ += " = " + number(*parameter.value);
        out_ += ";\n";
        print_title(id, parameter.name);
    }

    std::string side(const std::vector<SpeciesReference>& references) {
        std::string text;
        for (const SpeciesReference& reference : references) {
            text += text.empty() ? " " : " + ";
            if (reference.stoichiometry != 1) text += number(reference.stoichiometry) + " ";
            text += name(reference.species);
        }
        return text;
    }

    Renames print_locals(const Reaction& reaction) {
        Renames locals;
        for (const LocalParameter& local : reaction.local_parameters) {
            const std::string id = free_name(reaction.id + "_" + local.id);
            locals[local.id] = id;
            out_ +=
                local.value ? "  " + id + " = " + number(*local.value) + ";\n" : "  formula " + id + ";\n";
            print_title(id, local.name);
        }
        return locals;
    }

    void print(const Reaction& reaction) {
        const std::string id = name(reaction.id);
        const Renames locals = print_locals(reaction);
        out_ += "  " + id + (reaction.compartment.empty() ? "" : " in " + name(reaction.compartment)) + ":";
        out_ +=
            side(reaction.reactants) + (reaction.reversible ? " ->" : " =>") + side(reaction.products) + ";";
        if (reaction.kinetic_law) out_ += " " + text(reaction.kinetic_law, locals);
        out_ += ";\n";
        print_title(id, reaction.name);
    }

    // A bare number would read as a value.
    void print(const InitialAssignment& assignment) {
        const bool plain = assignment.math->op == Op::number;
        out_ += "  " + name(assignment.symbol) + " = " + (plain ? "+" : "") + text(assignment.math) + ";\n";
    }

    void print(const Rule& rule) {
        out_ += "  " + name(rule.variable) + (rule.kind == RuleKind::rate ? "' = " : " := ") +
                text(rule.math) + ";\n";
    }

    const Network& network_;
    std::unordered_set<std::string> taken_;
    std::unordered_set<std::string_view> ruled_, assigned_;
    Renames renamed_;
    std::string out_;
};

}  // namespace

std::string to_antimony(const Network& network) {
    return Printer(network).print();
}

}  // namespace rondo
