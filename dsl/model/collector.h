// collector.h: the pass that fills Symbols; statements here, submodels in collect_submodel.cpp.
#pragma once
#include <set>
#include <unordered_map>

#include "dsl/model/symbols.h"

namespace rondo {

class Collector {
  public:
    Collector(const std::vector<std::shared_ptr<const ModelTree>>& models, Diagnostics& diagnostics)
        : models_(models), diagnostics_(&diagnostics) {}

    Symbols collect(const ModelTree& model);

  private:
    using Terms = std::vector<SpeciesTerm>;

    void read_model(const Scope& scope);
    void read(const ModelStatement& statement);
    void read(const ReactionStatement& reaction, Span span);
    void read(const AssignmentStatement& assignment, Span span);
    void read(const AlgebraicStatement& rule, Span span);
    void read(const DeclarationStatement& declaration, Span span);
    void read(const InStatement& in, Span span);
    void read(const NameStatement& name, Span span);
    void read(const UnitStatement& unit, Span span);
    void read(const HasStatement& has, Span span);
    void read(const RemarkStatement& remark, Span span);
    void read(const EventStatement& event, Span span);
    void read(const ConstraintStatement& constraint, Span span);
    void read(const ObjectiveStatement& objective, Span span);
    void read(const InteractionStatement& interaction, Span span);
    void read(const ConversionStatement& conversion, Span span);
    void read(const SubmodelStatement& submodel, Span span);
    void read(const SynchronyStatement& synchrony, Span span);
    void read(const DeletionStatement& deletion, Span span);
    void read(const StrandStatement& strand, Span span);
    void read_side(const Terms& terms, const Name& compartment);
    void name_unnamed(std::size_t first_reaction, std::size_t first_event);

    ModelSymbol& symbol(const Name& name) { return *alias(name).symbol; }
    Alias alias(const Name& name);
    void become(ModelSymbol& symbol, SymbolKind kind, Span span);
    std::string compartment(const Name& name);
    void set(const Name& name, AssignmentKind kind, const ExprPtr& value, Span span);
    std::uint32_t line_of(Span span) const;
    std::string free_id(const std::string& stem, int& next);

    // submodels
    const ModelTree* module_named(const Name& name);
    MathPtr value_of(const SubmodelArgument& argument);
    ModelSymbol& symbol_of(const SubmodelArgument& argument);
    bool check_reach(const Name& name);
    void merge(Alias first, ModelSymbol& second, const MathPtr& factor, Span span);

    template <class Statement>
    Entry<Statement> entry(const Statement& statement, Span span, const std::string& id = {}) const {
        return {&statement, span, scope_, id.empty() ? id : full_name(*scope_, id), when_};
    }

    const std::vector<std::shared_ptr<const ModelTree>>& models_;
    Diagnostics* diagnostics_;
    Symbols symbols_;
    const Scope* scope_ = nullptr;  // of the statement being read
    std::unordered_map<std::string, Span> reaction_spans_;
    int when_ = 0, depth_ = 0;
};

}  // namespace rondo
