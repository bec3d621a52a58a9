// syntax.cpp: walks over trees.
#include "runtime/study/syntax.h"

#include <algorithm>

namespace rondo {

namespace {

// Collects the names read, in evaluation order, with the names bound so far set aside. What a branch or a
// loop's body binds counts inside it alone, since it may not run.
class FreeNames {
  public:
    std::vector<std::string> found;

    void function(const FunctionTree& tree) {
        const auto outer = bound_;
        for (const auto& parameter : tree.parameters) {
            if (parameter.fallback) expression(*parameter.fallback);
            bound_.insert(parameter.name);
        }
        if (tree.expression) expression(*tree.expression);
        if (tree.body) block(*tree.body);
        bound_ = outer;
    }

  private:
    std::set<std::string> bound_;

    void read(const std::string& name) {
        if (bound_.contains(name) || std::find(found.begin(), found.end(), name) != found.end()) return;
        found.push_back(name);
    }

    void expression(const Expr& expr) {
        const bool reads = expr.kind == ExprKind::name || expr.kind == ExprKind::call;
        if (reads) read(expr.text);
        for (const auto& child : expr.children) expression(*child);
        for (const auto& argument : expr.arguments) expression(*argument.value);
        if (expr.function) function(*expr.function);
    }

    void block(const Block& statements) {
        for (const auto& statement : statements) this->statement(statement);
    }

    void inner(const Block& statements) {
        const auto outer = bound_;
        block(statements);
        bound_ = outer;
    }

    void statement(const Statement& statement) {
        if (statement.kind == StatementKind::bind && (!statement.field.empty() || statement.key))
            read(statement.name);
        if (statement.key) expression(*statement.key);
        if (statement.value) expression(*statement.value);
        if (statement.message) expression(*statement.message);
        for (const auto& branch : statement.branches) {
            if (branch.condition) expression(*branch.condition);
            inner(*branch.body);
        }
        if (statement.function) function(*statement.function);
        if (statement.kind == StatementKind::for_) {
            const auto outer = bound_;
            bound_.insert(statement.name);
            block(*statement.body);
            bound_ = outer;
        } else if (statement.body) {
            inner(*statement.body);
        }
        if (statement.kind == StatementKind::bind) bound_.insert(statement.name);
        if (statement.function) bound_.insert(statement.function->name);
    }
};

void add_count(Identity& identity, std::size_t count) {
    identity.add(static_cast<std::int64_t>(count));
}

void identify(const Expr* expr, Identity& identity) {
    if (!expr) {
        identity.add("none");
        return;
    }
    identity.add(static_cast<std::int64_t>(expr->kind)).add(expr->value).add(expr->text);
    add_count(identity, expr->children.size());
    for (const auto& child : expr->children) identify(child.get(), identity);
    add_count(identity, expr->arguments.size());
    for (const auto& argument : expr->arguments) {
        identity.add(argument.spread ? ".." : argument.name);
        identify(argument.value.get(), identity);
    }
    if (expr->function) rondo::identify(*expr->function, identity);
}

void identify(const Block*, Identity&);

void identify(const Statement& statement, Identity& identity) {
    identity.add(static_cast<std::int64_t>(statement.kind));
    identity.add(statement.name).add(statement.field).add(statement.text);
    if (statement.key) identify(statement.key.get(), identity);
    identify(statement.value.get(), identity);
    identify(statement.message.get(), identity);
    add_count(identity, statement.branches.size());
    for (const auto& branch : statement.branches) {
        identify(branch.condition.get(), identity);
        identify(branch.body.get(), identity);
    }
    identify(statement.body.get(), identity);
    if (statement.function) rondo::identify(*statement.function, identity);
}

void identify(const Block* block, Identity& identity) {
    add_count(identity, block ? block->size() : 0);
    if (!block) return;
    for (const auto& statement : *block) identify(statement, identity);
}

}  // namespace

std::vector<std::string> free_names(const FunctionTree& tree) {
    FreeNames names;
    names.function(tree);
    return names.found;
}

void collect_bound(const Block& statements, std::set<std::string>& names) {
    for (const auto& statement : statements) {
        const bool binds = statement.kind == StatementKind::bind || statement.kind == StatementKind::for_;
        if (binds) names.insert(statement.name);
        if (statement.function) names.insert(statement.function->name);
        if (statement.model) names.insert(statement.model->id);
        if (statement.kind == StatementKind::import && !statement.name.empty()) names.insert(statement.name);
        for (const auto& branch : statement.branches) collect_bound(*branch.body, names);
        if (statement.body) collect_bound(*statement.body, names);
    }
}

void identify(const FunctionTree& tree, Identity& identity) {
    identity.add(tree.name);
    add_count(identity, tree.parameters.size());
    for (const auto& parameter : tree.parameters) {
        identity.add(parameter.name);
        identify(parameter.fallback.get(), identity);
    }
    identify(tree.expression.get(), identity);
    identify(tree.body.get(), identity);
}

}  // namespace rondo
