// value.h: what a study's names can hold. Values are immutable and cheap to copy.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "dsl/syntax/tree.h"
#include "runtime/store/store.h"
#include "runtime/table/table.h"

namespace rondo {

class Value;
class Call;
struct FileScope;

using Numbers = std::vector<double>;                        // a list of numbers, as columns give: no boxing
using List = std::vector<Value>;                            // any other list
using Record = std::vector<std::pair<std::string, Value>>;  // in the order written
struct Range {
    double first, last;  // closed
};

// A study's own function: syntax plus what it may see. Valid as long as its Evaluator.
struct Function {
    std::shared_ptr<const FunctionTree> tree;
    const FileScope* home = nullptr;  // the top-level bindings of the file it is written in
    Record captured = {};             // of an anonymous function: the local names it uses, as they were
};

// A native value: model, box, oracle, surrogate, plot, method... The evaluator knows only this face.
class Object {
  public:
    virtual ~Object() = default;
    virtual std::string_view type() const = 0;                      // "model", "oracle": as messages name it
    virtual std::string print() const = 0;                          // one line
    virtual std::optional<Value> field(std::string_view) const;     // x.name; default: none
    virtual std::vector<std::string> fields() const { return {}; }  // for did-you-mean
    virtual bool callable() const { return false; }
    virtual Value call(Call&) const;                       // x(...), if callable
    virtual std::optional<Value> with(const Call&) const;  // x with (a = 2); default: none
    virtual void identify(Identity&) const = 0;            // all that its results depend on
};

class Value {
  public:
    using Data = std::variant<std::monostate, bool, double, std::string, std::shared_ptr<const Numbers>,
                              std::shared_ptr<const List>, std::shared_ptr<const Record>, Range,
                              std::shared_ptr<const Table>, std::shared_ptr<const Function>,
                              std::shared_ptr<const Object>>;
    Value() = default;  // nothing
    Value(bool v) : data_(v) {}
    Value(double v) : data_(v) {}
    Value(std::string v) : data_(std::move(v)) {}
    Value(const char* v) : data_(std::string(v)) {}
    Value(Range v) : data_(v) {}
    Value(Numbers v) : data_(std::make_shared<const Numbers>(std::move(v))) {}
    // Lists, records and captured values may be nested 1000 deep, so that recursion over a value is safe;
    // deeper ones throw Mistake.
    Value(List v);  // becomes Numbers if all are numbers
    Value(Record v);
    Value(Table v) : data_(std::make_shared<const Table>(std::move(v))) {}
    Value(Function v);
    Value(std::shared_ptr<const Object> v) : data_(std::move(v)) {}

    const Data& data() const { return data_; }
    template <class T>
    const T* get_if()
        const;  // bool, double, std::string, Numbers, List, Record, Range, Table, Function, Object
    bool is_nothing() const { return data_.index() == 0; }
    // As messages name it: "nothing", "truth value", "number", "text", "list", "record", "range", "table",
    // "function", or the object's own word.
    std::string_view type() const;
    // Adds all that it is, types included. A function: its syntax and the values of the names it uses.
    void identify(Identity&) const;

  private:
    Data data_;
    int depth_ = 0;  // of lists and records inside
    static int deeper(int depth, const Value& inside);
};

template <class T>
const T* Value::get_if() const {
    if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, double> || std::is_same_v<T, std::string> ||
                  std::is_same_v<T, Range>) {
        return std::get_if<T>(&data_);
    } else {
        const auto* held = std::get_if<std::shared_ptr<const T>>(&data_);
        return held ? held->get() : nullptr;
    }
}

// The object as one of its concrete classes, or null.
template <class T>
const T* object_if(const Value& value) {
    return dynamic_cast<const T*>(value.get_if<Object>());
}

// As `print` shows it: numbers in shortest form, lists and records on one line (long lists shortened, with
// their length), tables with shape, first and last five rows, six digits.
std::string to_text(const Value&);

}  // namespace rondo
