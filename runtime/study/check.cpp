// check.cpp: a walk over a study in the order of its text, with the names bound so far.
#include "runtime/study/check.h"

#include <algorithm>
#include <map>
#include <set>

#include "dsl/model/resolve.h"
#include "dsl/syntax/parse.h"
#include "runtime/petab/files.h"
#include "runtime/study/elementary.h"
#include "runtime/study/evaluate.h"
#include "runtime/study/match.h"
#include "runtime/study/mistake.h"
#include "runtime/study/syntax.h"
#include "runtime/table/file.h"

namespace rondo {

namespace {

using Names = std::set<std::string>;

class Checker {
  public:
    Checker(const Verbs& verbs, Environment& environment, Diagnostics& diagnostics)
        : verbs_(verbs), environment_(environment), diagnostics_(diagnostics) {}

    void study(const Block& statements) {
        announce(statements);
        block(statements);
    }

  private:
    // Where the walk is: inside functions, all their names and those of the file count as bound.
    struct Place {
        std::vector<Names> locals = {};  // of the functions around, outermost first
        bool certain = true;             // a top level that runs once, in order
    };

    // ---- what the file binds ----

    void announce(const Block& statements) {
        for (const Statement& statement : statements) {
            if (statement.kind == StatementKind::bind || statement.kind == StatementKind::for_)
                add(statement.name, statement.name_span);
            if (statement.function) add_function(statement);
            if (statement.model) add(statement.model->id, statement.model->id_span);
            if (statement.kind == StatementKind::use) announce_used(statement);
            if (statement.kind == StatementKind::import) announce_imported(statement);
            for (const auto& branch : statement.branches) announce(*branch.body);
            if (statement.body) announce(*statement.body);
        }
    }

    void add(const std::string& name, Span span) {
        if (!file_names_.emplace(name, span).second) functions_.erase(name);
    }

    void add_function(const Statement& statement) {
        const bool first = !file_names_.contains(statement.function->name);
        add(statement.function->name, statement.function->name_span);
        if (first) functions_[statement.function->name] = statement.function.get();
    }

    void announce_used(const Statement& statement) {
        guarded(statement.span, [&] {
            const auto path = environment_.input(statement.name + ".rondo").lexically_normal().string();
            if (!used_.insert(path).second) return;
            const auto file = environment_.sources.add(path, read_file(path));
            const StudyFile module = parse_study(file, diagnostics_);
            Names names;
            collect_bound(module.statements, names);
            for (const auto& name : names) add(name, statement.span);
            taken_[&statement] = names;
        });
    }

    void announce_imported(const Statement& statement) {
        guarded(statement.span, [&] {
            const auto path = environment_.input(statement.text);
            std::string name = statement.name;
            if (name.empty() && !is_yaml(path)) {
                Diagnostics found(environment_.sources);
                name = environment_.load_model(path, found).id;
            }
            if (name.empty()) name = path.stem().string();
            add(name, statement.span);
            taken_[&statement] = {name};
        });
    }

    template <class Body>
    void guarded(Span span, Body body) {
        try {
            body();
        } catch (const Mistake& mistake) {
            diagnostics_.error(span, mistake.what(), mistake.help());
        } catch (const Error& error) {
            diagnostics_.error(span, error.what());
        }
    }

    // ---- statements ----

    void block(const Block& statements) {
        for (const Statement& each : statements) statement(each);
    }

    void statement(const Statement& statement) {
        if (statement.kind == StatementKind::bind && (!statement.field.empty() || statement.key))
            use_name(statement.name, statement.name_span, false);
        if (statement.key) expression(*statement.key);
        if (statement.kind == StatementKind::return_ && place_.locals.empty())
            diagnostics_.error(statement.span, "'return' stands outside of a function");
        const bool loop = statement.kind == StatementKind::while_ || statement.kind == StatementKind::for_;
        if (statement.value && statement.kind != StatementKind::while_) expression(*statement.value);
        if (statement.message) expression(*statement.message);
        if (statement.function) function(*statement.function);
        if (statement.model) model(statement);
        const bool certain = place_.certain;
        if (loop) {
            place_.certain = false;
            if (statement.kind == StatementKind::while_) expression(*statement.value);
        }
        if (statement.kind == StatementKind::for_) bound_.insert(statement.name);
        for (const auto& branch : statement.branches) {
            if (branch.condition) expression(*branch.condition);
            block(*branch.body);
        }
        if (statement.body) block(*statement.body);
        place_.certain = certain;
        bind(statement);
    }

    void bind(const Statement& statement) {
        if (statement.kind == StatementKind::bind) bound_.insert(statement.name);
        if (statement.function) bound_.insert(statement.function->name);
        if (statement.model) bound_.insert(statement.model->id);
        const auto taken = taken_.find(&statement);
        if (taken != taken_.end()) bound_.insert(taken->second.begin(), taken->second.end());
    }

    void function(const FunctionTree& tree) {
        const Place outer = place_;
        place_.certain = false;
        place_.locals.emplace_back();
        for (const auto& parameter : tree.parameters) {
            if (parameter.fallback) expression(*parameter.fallback);
            place_.locals.back().insert(parameter.name);
        }
        if (tree.body) collect_bound(*tree.body, place_.locals.back());
        if (tree.expression) expression(*tree.expression);
        if (tree.body) block(*tree.body);
        place_ = outer;
        if (tree.expression && !tree.name.empty() && place_.locals.empty()) formulas_.push_back(&tree);
    }

    void model(const Statement& statement) {
        std::vector<std::shared_ptr<const FunctionTree>> functions;
        for (const FunctionTree* tree : formulas_) functions.emplace_back(std::shared_ptr<void>(), tree);
        resolve(*statement.model, functions, diagnostics_);
    }

    // ---- expressions ----

    void expression(const Expr& expr) {
        if (expr.kind == ExprKind::name) use_name(expr.text, expr.span, false);
        if (expr.kind == ExprKind::call) {
            use_name(expr.text, expr.text_span, true);
            call(expr);
        }
        for (const auto& child : expr.children) expression(*child);
        for (const auto& argument : expr.arguments) expression(*argument.value);
        if (expr.function) function(*expr.function);
    }

    bool is_local(const std::string& name) const {
        return std::any_of(place_.locals.begin(), place_.locals.end(),
                           [&](const Names& names) { return names.contains(name); });
    }

    bool is_native(const std::string& name) const {
        return verbs_.contains(name) || is_elementary(name) || elementary_constant(name);
    }

    void use_name(const std::string& name, Span span, bool called) {
        if (is_local(name) || is_native(name)) return;
        const auto bound = file_names_.find(name);
        if (bound == file_names_.end()) {
            diagnostics_.error(span, "unknown name '" + name + "'",
                               did_you_mean(name, names_in_sight(called)));
        } else if (place_.certain && !bound_.contains(name)) {
            const auto where = environment_.sources.place(bound->second.file, bound->second.begin);
            diagnostics_.error(span, "'" + name + "' is used before it is bound",
                               "it is bound later, at line " + std::to_string(where.line));
        }
    }

    // A call most likely meant something that can be called.
    std::vector<std::string> names_in_sight(bool called) const {
        std::vector<std::string> names;
        if (called) names = elementary_names();
        for (const auto& [name, verb] : verbs_) names.push_back(name);
        for (const auto& [name, span] : file_names_) names.push_back(name);
        for (const auto& locals : place_.locals) names.insert(names.end(), locals.begin(), locals.end());
        return names;
    }

    void call(const Expr& expr) {
        if (is_local(expr.text)) return;
        const auto own = functions_.find(expr.text);
        const auto verb = verbs_.find(expr.text);
        std::vector<std::string> parameters;
        if (own != functions_.end()) {
            for (const auto& parameter : own->second->parameters) parameters.push_back(parameter.name);
        } else if (verb != verbs_.end() && !file_names_.contains(expr.text)) {
            parameters = verb->second.parameters;
        } else {
            return;
        }
        std::vector<Call::Given> given;
        for (const auto& argument : expr.arguments) {
            if (argument.spread) continue;
            given.push_back(
                {argument.name, {}, argument.name.empty() ? argument.value->span : argument.name_span});
        }
        for (const auto& mistake : match(expr.text, given, parameters).mistakes)
            diagnostics_.error(mistake.span, mistake.message);
    }

    const Verbs& verbs_;
    Environment& environment_;
    Diagnostics& diagnostics_;
    std::map<std::string, Span> file_names_;                // all that the file binds, and where first
    std::map<std::string, const FunctionTree*> functions_;  // those bound once, as a function
    std::map<const Statement*, Names> taken_;               // by `use` and `import`
    std::set<std::string> used_;
    Names bound_;                                // so far
    std::vector<const FunctionTree*> formulas_;  // one-expression functions so far
    Place place_;
};

}  // namespace

void check_statements(const StudyFile& study, const Verbs& verbs, Environment& environment,
                      Diagnostics& diagnostics) {
    Checker(verbs, environment, diagnostics).study(study.statements);
}

void check_study(std::uint32_t file, const Verbs& verbs, Environment& environment, Diagnostics& diagnostics) {
    const StudyFile study = parse_study(file, diagnostics);
    if (!diagnostics.has_errors()) check_statements(study, verbs, environment, diagnostics);
}

}  // namespace rondo
