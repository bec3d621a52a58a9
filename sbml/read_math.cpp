// read_math.cpp: ASTNode to Math, one case an exception to the table in mathml.cpp.
#include "sbml/read_math.h"

#include <array>
#include <charconv>
#include <cmath>

#include "sbml/mathml.h"
#include "sbml/scan.h"

namespace rondo {

namespace {

// libSBML keeps `1.5e-7` as 1.5 and -7, and multiplies; read as one number it is rounded once.
double scientific(double mantissa, long exponent) {
    std::array<char, 64> text;
    char* end = std::to_chars(text.data(), text.data() + 32, mantissa).ptr;
    *end++ = 'e';
    end = std::to_chars(end, text.data() + text.size(), exponent).ptr;
    double value = 0;
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stopped == end ? value
                                                  : mantissa * std::pow(10.0, static_cast<double>(exponent));
}

// libSBML keeps `a + b + c` as `(a + b) + c`, however many there are.
bool is_spine(const ::ASTNode& node) {
    const ::ASTNodeType_t type = node.getType();
    const bool associative =
        type == ::AST_PLUS || type == ::AST_TIMES || type == ::AST_LOGICAL_AND || type == ::AST_LOGICAL_OR;
    return associative && node.getNumChildren() == 2 && node.getChild(0)->getType() == type;
}

class Reader {
  public:
    Reader(const FormulaPlace& place, Diagnostics& diagnostics)
        : place_(&place), diagnostics_(&diagnostics) {}

    MathPtr read(const ::ASTNode& node, int depth) {
        if (depth > deepest_formula)
            return error("a formula is nested deeper than " + std::to_string(deepest_formula));
        switch (node.getType()) {
            case ::AST_INTEGER:
            case ::AST_REAL:
            case ::AST_REAL_E:
            case ::AST_RATIONAL: return number(node);
            case ::AST_NAME: return make_symbol(text(node.getName()), place_->span);
            case ::AST_NAME_TIME: return make_math(Op::time, {}, place_->span);
            case ::AST_NAME_AVOGADRO: return make_math(Op::avogadro, {}, place_->span);
            case ::AST_FUNCTION:
                return make_math(Op::call, operands(node, depth), place_->span, text(node.getName()));
            default: return operation(node, depth);
        }
    }

  private:
    static std::string text(const char* name) { return name == nullptr ? std::string{} : name; }

    MathPtr number(const ::ASTNode& node) {
        const bool split = node.getType() == ::AST_REAL_E;
        const double value = split ? scientific(node.getMantissa(), node.getExponent()) : node.getValue();
        if (split && std::isinf(value)) return error("a number is too large for double precision");
        const MathPtr plain = make_number(value, place_->span);
        if (!node.isSetUnits() || plain->op != Op::number) return plain;
        Math number = *plain;
        number.name = node.getUnits();
        return std::make_shared<const Math>(std::move(number));
    }

    std::vector<MathPtr> operands(const ::ASTNode& node, int depth) {
        std::vector<const ::ASTNode*> right;  // of a spine, from its top
        const ::ASTNode* top = &node;
        for (; is_spine(*top); top = top->getChild(0)) right.push_back(top->getChild(1));
        std::vector<MathPtr> args;
        for (unsigned i = 0; i < top->getNumChildren(); ++i)
            args.push_back(read(*top->getChild(i), depth + 1));
        for (; !right.empty(); right.pop_back()) args.push_back(read(*right.back(), depth + 1));
        return args;
    }

    MathPtr operation(const ::ASTNode& node, int depth) {
        const MathmlOp* row = mathml_op(node.getType());
        if (row == nullptr) return unknown(node);
        std::vector<MathPtr> args = operands(node, depth);
        const Op op = row->op == Op::minus && args.size() == 1 ? Op::negate : row->op;
        // libSBML writes out the defaults of MathML, as integers.
        const bool defaulted = args.size() == 2 && node.getChild(0)->getType() == ::AST_INTEGER;
        if (op == Op::root && defaulted && node.getChild(0)->getInteger() == 2)
            return make_math(Op::sqrt, {args[1]}, place_->span);
        if (op == Op::log && defaulted && node.getChild(0)->getInteger() == 10)
            return make_math(Op::log10, {args[1]}, place_->span);
        const int count = static_cast<int>(args.size());
        if (count < info(op).min_arity || (info(op).max_arity >= 0 && count > info(op).max_arity))
            return error("'" + std::string(row->element) + "' with " + std::to_string(count) +
                         (count == 1 ? " operand" : " operands"));
        return make_math(op, std::move(args), place_->span);
    }

    MathPtr unknown(const ::ASTNode& node) {
        return unsupported("'" + text(node.getName()) + "' is not supported");
    }

    MathPtr unsupported(const std::string& message) {
        diagnostics_->unsupported(place_->span, message + ", in " + place_->what);
        return make_math(Op::notanumber, {}, place_->span);
    }

    MathPtr error(const std::string& message) {
        diagnostics_->error(place_->span, message + ", in " + place_->what);
        return make_math(Op::notanumber, {}, place_->span);
    }

    const FormulaPlace* place_;
    Diagnostics* diagnostics_;
};

}  // namespace

MathPtr read_math(const ::ASTNode& node, const FormulaPlace& place, Diagnostics& diagnostics) {
    return Reader(place, diagnostics).read(node, 0);
}

}  // namespace rondo
