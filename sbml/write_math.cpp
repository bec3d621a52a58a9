// write_math.cpp: Math as MathML text.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "sbml/mathml.h"

namespace rondo {

namespace {

class MathWriter {
  public:
    MathWriter(const std::set<std::string>& units, XmlWriter& out) : units_(&units), out_(&out) {}

    void write(const Math& math) {
        switch (math.op) {
            case Op::number: return number(math);
            case Op::symbol: return out_->line("<ci> " + math.name + " </ci>");
            case Op::time: return out_->line(csymbol("time"));
            case Op::avogadro: return out_->line(csymbol("avogadro"));
            case Op::infinity: return out_->empty("infinity");
            case Op::notanumber: return out_->empty("notanumber");
            case Op::sqrt: return apply("root", math.args);
            case Op::log10: return apply("log", math.args);
            case Op::root: return qualified("root", "degree", math.args);
            case Op::log: return qualified("log", "logbase", math.args);
            case Op::piecewise: return piecewise(math.args);
            case Op::call: return function("<ci> " + math.name + " </ci>", math.args);
            case Op::delay: return function(csymbol("delay"), math.args);
            case Op::rate_of: return function(csymbol("rateOf"), math.args);
            case Op::draw: return function(csymbol("distrib/" + distribution(math.name)), math.args);
            default: break;
        }
        const std::string_view element = mathml_op(math.op)->element;
        return info(math.op).max_arity == 0 ? out_->empty(element) : apply(element, math.args);
    }

  private:
    // With an exponent as MathML's e-notation; always as real numbers (libSBML stands for an absent degree or
    // base with an integer, so `root(2, x)` stays apart from `sqrt(x)`).
    void number(const Math& math) {
        if (!std::isfinite(math.value)) return write(*make_number(math.value));
        const std::string units = units_->contains(math.name) ? " sbml:units=\"" + math.name + "\"" : "";
        std::array<char, 32> digits;
        const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), math.value).ptr;
        const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
        const std::size_t e = text.find('e');
        if (e == std::string_view::npos)
            return out_->line("<cn" + units + "> " + std::string(text) + " </cn>");
        out_->line("<cn type=\"e-notation\"" + units + "> " + std::string(text.substr(0, e)) + " <sep/> " +
                   std::to_string(std::stoi(std::string(text.substr(e + 1)))) + " </cn>");
    }

    // The package knows what is cut off by the number of parameters: `truncatedNormal` is `normal` of four.
    static std::string distribution(std::string name) {
        constexpr std::string_view truncated = "truncated";
        if (!name.starts_with(truncated)) return name;
        name.erase(0, truncated.size());
        name[0] = static_cast<char>(name[0] - 'A' + 'a');
        return name;
    }

    // `distrib/normal` is called `normal`.
    static std::string csymbol(const std::string& name) {
        return "<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/" + name +
               "\"> " + name.substr(name.find('/') + 1) + " </csymbol>";
    }

    void apply(std::string_view element, const std::vector<MathPtr>& args) {
        out_->open("apply");
        out_->empty(element);
        for (const MathPtr& arg : args) write(*arg);
        out_->close();
    }

    // `qualifier` is what MathML calls the first operand: the degree of a root, the base of a logarithm.
    void qualified(std::string_view element, std::string_view qualifier, const std::vector<MathPtr>& args) {
        out_->open("apply");
        out_->empty(element);
        out_->open(qualifier);
        write(*args[0]);
        out_->close();
        write(*args[1]);
        out_->close();
    }

    void function(const std::string& name, const std::vector<MathPtr>& args) {
        out_->open("apply");
        out_->line(name);
        for (const MathPtr& arg : args) write(*arg);
        out_->close();
    }

    void piecewise(const std::vector<MathPtr>& args) {
        out_->open("piecewise");
        for (std::size_t i = 0; i + 1 < args.size(); i += 2) {
            out_->open("piece");
            write(*args[i]);
            write(*args[i + 1]);
            out_->close();
        }
        if (args.size() % 2 == 1) {
            out_->open("otherwise");
            write(*args.back());
            out_->close();
        }
        out_->close();
    }

    const std::set<std::string>* units_;
    XmlWriter* out_;
};

bool has_units(const Math& math, const std::set<std::string>& units) {
    return (math.op == Op::number && units.contains(math.name)) ||
           std::ranges::any_of(math.args, [&](const MathPtr& arg) { return has_units(*arg, units); });
}

Tag math_tag() {
    return Tag("math").text("xmlns", "http://www.w3.org/1998/Math/MathML");
}

}  // namespace

void write_math(const Math& math, const std::set<std::string>& units, XmlWriter& out) {
    Tag tag = math_tag();
    if (has_units(math, units)) tag.text("xmlns:sbml", "http://www.sbml.org/sbml/level3/version2/core");
    out.open(tag);
    MathWriter(units, out).write(math);
    out.close();
}

void write_lambda(const std::vector<std::string>& arguments, const Math& body, XmlWriter& out) {
    out.open(math_tag());
    out.open("lambda");
    for (const std::string& argument : arguments) out.line("<bvar><ci> " + argument + " </ci></bvar>");
    const std::set<std::string> no_units;  // the arguments have theirs
    MathWriter(no_units, out).write(body);
    out.close();
    out.close();
}

}  // namespace rondo
