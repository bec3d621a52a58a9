// fit_methods.h: the settings of a fit as values of a study: genetic(...), powell(...), adaptive(...) and the
// like.
#pragma once
#include <string>
#include <utility>

#include "runtime/estimate/evolution_strategy.h"
#include "runtime/estimate/fit.h"
#include "runtime/estimate/least_squares.h"
#include "runtime/study/verb.h"

namespace rondo {

// `text` says all of it, as `print` shows it, and is what results depend on.
template <class Settings>
class FitSetting : public Object {
  public:
    FitSetting(Settings given, std::string kind, std::string words)
        : settings(std::move(given)), kind_(std::move(kind)), text_(std::move(words)) {}
    std::string_view type() const override { return kind_; }
    std::string print() const override { return text_; }
    void identify(Identity& identity) const override { identity.add("fit setting").add(text_); }

    const Settings settings;

  private:
    std::string kind_, text_;
};

struct Genetic {
    GeneticOptions options;
    bool published = false;  // the preset: it changes the defaults of all else
};
struct MultiStart {
    std::size_t starts = 20;
    DescentOptions descent;
};
struct Nothing {};  // none(): no termination, no polish

using GeneticValue = FitSetting<Genetic>;
using TerminationValue = FitSetting<Termination>;
using PowellValue = FitSetting<Polish>;
using MultiStartValue = FitSetting<MultiStart>;
using StrategyValue = FitSetting<StrategyOptions>;
using NothingValue = FitSetting<Nothing>;

GeneticValue genetic_value(const GeneticOptions&, bool published);
TerminationValue termination_value(const Termination&);
PowellValue powell_value(const Polish&);

// The defaults of genetic(): parents compete with their offspring, weights of variance 1 / parents, no
// adaptation.
GeneticOptions default_genetic();

// genetic, published, multi_start, cma, powell, adaptive, lossless, none
void add_fit_methods(Verbs&);

}  // namespace rondo
