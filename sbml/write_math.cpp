// write_math.cpp: Math as MathML text.
#include <array>
#include <charconv>
#include <cmath>

#include "sbml/mathml.h"

namespace rondo {

namespace {

class MathWriter {
  public:
    explicit MathWriter(XmlWriter& out) : out_(&out) {}

    void write(const Math& math) {
        switch (math.op) {
            case Op::number:
                return number(math.value);
            case Op::symbol:
                return out_->line("<ci> " + math.name + " </ci>");
            case Op::time:
                return csymbol("time");
            case Op::avogadro:
                return csymbol("avogadro");
            case Op::infinity:
                return out_->empty("infinity");
            case Op::notanumber:
                return out_->empty("notanumber");
            case Op::sqrt:
                return apply("root", math.args);
            case Op::log10:
                return apply("log", math.args);
            case Op::root:
                return qualified("root", "degree", math.args);
            case Op::log:
                return qualified("log", "logbase", math.args);
            case Op::piecewise:
                return piecewise(math.args);
            case Op::call:
                return call(math);
            default:
                break;
        }
        const std::string_view element = mathml_op(math.op)->element;
        return info(math.op).max_arity == 0 ? out_->empty(element) : apply(element, math.args);
    }

  private:
    // With an exponent as MathML's e-notation; always as real numbers (libSBML stands for an absent degree or
    // base with an integer, so `root(2, x)` stays apart from `sqrt(x)`).
    void number(double value) {
        if (std::isnan(value)) return out_->empty("notanumber");
        if (std::isinf(value)) return value > 0 ? out_->empty("infinity") : write(*make_number(value));
        std::array<char, 32> digits;
        const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
        const std::size_t e = text.find('e');
        if (e == std::string_view::npos) return out_->line("<cn> " + std::string(text) + " </cn>");
        out_->line("<cn type=\"e-notation\"> " + std::string(text.substr(0, e)) + " <sep/> " +
                   std::to_string(std::stoi(std::string(text.substr(e + 1)))) + " </cn>");
    }

    void csymbol(const std::string& name) {
        out_->line("<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/" + name +
                   "\"> " + name + " </csymbol>");
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

    void call(const Math& math) {
        out_->open("apply");
        out_->line("<ci> " + math.name + " </ci>");
        for (const MathPtr& arg : math.args) write(*arg);
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

    XmlWriter* out_;
};

Tag math_tag() {
    return Tag("math").text("xmlns", "http://www.w3.org/1998/Math/MathML");
}

}  // namespace

void write_math(const Math& math, XmlWriter& out) {
    out.open(math_tag());
    MathWriter(out).write(math);
    out.close();
}

void write_lambda(const std::vector<std::string>& arguments, const Math& body, XmlWriter& out) {
    out.open(math_tag());
    out.open("lambda");
    for (const std::string& argument : arguments) out.line("<bvar><ci> " + argument + " </ci></bvar>");
    MathWriter(out).write(body);
    out.close();
    out.close();
}

}  // namespace rondo
