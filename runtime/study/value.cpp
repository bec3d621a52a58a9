// value.cpp: values as text, and what they are for the store.
#include "runtime/study/value.h"

#include <algorithm>
#include <cmath>

#include "dsl/syntax/diagnostic.h"
#include "runtime/report/report.h"
#include "runtime/study/mistake.h"
#include "runtime/study/scope.h"
#include "runtime/study/syntax.h"
#include "runtime/table/csv.h"

namespace rondo {

namespace {

constexpr std::size_t shown_whole = 20, shown_ends = 5;  // items of a list on one line
constexpr int deepest = 1000;                            // lists in lists
constexpr double most_digits = 1e15;                     // whole numbers below are written in full

bool all_numbers(const List& list) {
    return std::all_of(list.begin(), list.end(),
                       [](const Value& v) { return v.get_if<double>() != nullptr; });
}

std::shared_ptr<const Numbers> unboxed(const List& list) {
    Numbers numbers;
    numbers.reserve(list.size());
    for (const Value& value : list) numbers.push_back(*value.get_if<double>());
    return std::make_shared<const Numbers>(std::move(numbers));
}

std::string number_text(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    // The shortest form of a hundred thousand is 1e+05; counts are easier to read in full.
    if (value != 0 && value == std::floor(value) && std::abs(value) < most_digits)
        return std::to_string(static_cast<long long>(value));
    return shortest(value);
}

std::string inner_text(const Value& value);

template <class Items, class Text>
std::string list_text(const Items& items, Text text) {
    const bool whole = items.size() <= shown_whole;
    std::string line = "[";
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!whole && i == shown_ends) {
            line += ", ...";
            i = items.size() - shown_ends;
        }
        if (i > 0) line += ", ";
        line += text(items[i]);
    }
    return line + (whole ? "]" : "] (" + std::to_string(items.size()) + " items)");
}

std::string record_text(const Record& record) {
    std::string line = "{";
    for (const auto& [name, value] : record) {
        if (line.size() > 1) line += ", ";
        line += name + " = " + inner_text(value);
    }
    return line + "}";
}

std::string function_text(const Function& function) {
    std::string text = function.tree->name.empty() ? "function" : "function " + function.tree->name;
    text += '(';
    for (const auto& parameter : function.tree->parameters) {
        if (text.back() != '(') text += ", ";
        text += parameter.name;
    }
    return text + ')';
}

struct TextOf {
    std::string operator()(std::monostate) const { return "nothing"; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(double v) const { return number_text(v); }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(const Range& v) const { return number_text(v.first) + ".." + number_text(v.last); }
    std::string operator()(const std::shared_ptr<const Numbers>& v) const {
        return list_text(*v, number_text);
    }
    std::string operator()(const std::shared_ptr<const List>& v) const { return list_text(*v, inner_text); }
    std::string operator()(const std::shared_ptr<const Record>& v) const { return record_text(*v); }
    std::string operator()(const std::shared_ptr<const Table>& v) const { return to_text(*v); }
    std::string operator()(const std::shared_ptr<const Function>& v) const { return function_text(*v); }
    std::string operator()(const std::shared_ptr<const Object>& v) const { return v->print(); }
};

// Inside a list or record: one line, and texts in quotes.
std::string inner_text(const Value& value) {
    if (const auto* text = value.get_if<std::string>()) return "\"" + *text + "\"";
    if (const auto* table = value.get_if<Table>())
        return "table(" + std::to_string(table->rows()) + " x " + std::to_string(table->width()) + ")";
    return to_text(value);
}

struct TypeOf {
    std::string_view operator()(std::monostate) const { return "nothing"; }
    std::string_view operator()(bool) const { return "truth value"; }
    std::string_view operator()(double) const { return "number"; }
    std::string_view operator()(const std::string&) const { return "text"; }
    std::string_view operator()(const Range&) const { return "range"; }
    std::string_view operator()(const std::shared_ptr<const Numbers>&) const { return "list"; }
    std::string_view operator()(const std::shared_ptr<const List>&) const { return "list"; }
    std::string_view operator()(const std::shared_ptr<const Record>&) const { return "record"; }
    std::string_view operator()(const std::shared_ptr<const Table>&) const { return "table"; }
    std::string_view operator()(const std::shared_ptr<const Function>&) const { return "function"; }
    std::string_view operator()(const std::shared_ptr<const Object>& v) const { return v->type(); }
};

// Functions being identified on this thread: one that reaches itself again is a name by then.
thread_local std::vector<const FunctionTree*> open_functions;

struct Opened {
    explicit Opened(const FunctionTree* tree) { open_functions.push_back(tree); }
    ~Opened() { open_functions.pop_back(); }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
};

const Value* seen_by(const Function& function, const std::string& name) {
    for (const auto& [captured, value] : function.captured)
        if (captured == name) return &value;
    return function.home ? function.home->find(name) : nullptr;
}

void identify_function(const Function& function, Identity& identity) {
    const FunctionTree* tree = function.tree.get();
    const auto open = std::find(open_functions.begin(), open_functions.end(), tree);
    if (open != open_functions.end()) {
        identity.add("itself").add(static_cast<std::int64_t>(open - open_functions.begin()));
        return;
    }
    const Opened opened(tree);
    identify(*tree, identity);
    for (const auto& name : free_names(*tree)) {
        identity.add(name);
        if (const Value* value = seen_by(function, name)) value->identify(identity);
    }
}

void add_count(Identity& identity, std::size_t count) {
    identity.add(static_cast<std::int64_t>(count));
}

struct Identify {
    Identity& identity;

    void operator()(std::monostate) const {}
    void operator()(bool v) const { identity.add(static_cast<std::int64_t>(v)); }
    void operator()(double v) const { identity.add(v); }
    void operator()(const std::string& v) const { identity.add(v); }
    void operator()(const Range& v) const { identity.add(v.first).add(v.last); }
    void operator()(const std::shared_ptr<const Numbers>& v) const {
        add_count(identity, v->size());
        for (const double number : *v) identity.add(number);
    }
    void operator()(const std::shared_ptr<const List>& v) const {
        add_count(identity, v->size());
        for (const Value& item : *v) item.identify(identity);
    }
    void operator()(const std::shared_ptr<const Record>& v) const {
        add_count(identity, v->size());
        for (const auto& [name, value] : *v) {
            identity.add(name);
            value.identify(identity);
        }
    }
    void operator()(const std::shared_ptr<const Table>& v) const { identity.add(*v); }
    void operator()(const std::shared_ptr<const Function>& v) const { identify_function(*v, identity); }
    void operator()(const std::shared_ptr<const Object>& v) const {
        identity.add(v->type());
        v->identify(identity);
    }
};

}  // namespace

std::optional<Value> Object::field(std::string_view) const {
    return std::nullopt;
}

Value Object::call(Call&) const {
    throw Mistake("a " + std::string(type()) + " cannot be called");
}

std::optional<Value> Object::with(const Call&) const {
    return std::nullopt;
}

int Value::deeper(int depth, const Value& inside) {
    if (inside.depth_ < deepest) return std::max(depth, inside.depth_ + 1);
    throw Mistake("lists and records are nested more than " + std::to_string(deepest) + " deep");
}

Value::Value(List v) {
    if (all_numbers(v)) {
        data_ = unboxed(v);
        return;
    }
    for (const Value& item : v) depth_ = deeper(depth_, item);
    data_ = std::make_shared<const List>(std::move(v));
}

Value::Value(Record v) {
    for (const auto& [name, value] : v) depth_ = deeper(depth_, value);
    data_ = std::make_shared<const Record>(std::move(v));
}

Value::Value(Function v) {
    for (const auto& [name, value] : v.captured) depth_ = deeper(depth_, value);
    data_ = std::make_shared<const Function>(std::move(v));
}

std::string_view Value::type() const {
    return std::visit(TypeOf{}, data_);
}

void Value::identify(Identity& identity) const {
    identity.add(static_cast<std::int64_t>(data_.index()));
    std::visit(Identify{identity}, data_);
}

std::string to_text(const Value& value) {
    return std::visit(TextOf{}, value.data());
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

}  // namespace rondo
