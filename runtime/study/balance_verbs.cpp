// balance_verbs.cpp: flux_balance.
#include "runtime/balance/balance.h"
#include "runtime/study/objects.h"

namespace rondo {

namespace {

// {objective, value, rates}: rates is a table of reactions and their rates.
Value run_flux_balance(Call& call) {
    const Model& model = call.object<ModelValue>("model", "model").model;
    Balance best = balance(model);
    if (!best.failure.empty())
        throw Error(Fault::numerics, "flux_balance: '" + model.network().id + "': " + best.failure);
    std::vector<std::string> reactions;
    for (const auto& reaction : model.network().reactions) reactions.push_back(reaction.id);
    Table rates;
    rates.set("reaction", std::move(reactions));
    rates.set("rate", std::move(best.rates));
    return Record{{"objective", best.objective}, {"value", best.value}, {"rates", std::move(rates)}};
}

}  // namespace

void add_balance_verbs(Verbs& verbs) {
    verbs["flux_balance"] = {"flux_balance", {"model"}, run_flux_balance};
}

}  // namespace rondo
