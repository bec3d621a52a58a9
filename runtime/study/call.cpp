// call.cpp: arguments of a call: matched to parameters, then read with checks.
#include <algorithm>

#include "runtime/study/match.h"
#include "runtime/study/mistake.h"
#include "runtime/study/operators.h"
#include "runtime/study/verb.h"

namespace rondo {

namespace {

constexpr double largest_seed = 9007199254740992;  // 2^53: every whole number up to it is a double
constexpr std::string_view dots = "...";

bool is_rest(const std::string& parameter) {
    return parameter.ends_with(dots);
}

// Positional arguments fill the parameters before the first "...".
std::vector<std::string> positional(const std::vector<std::string>& parameters) {
    return {parameters.begin(), std::find_if(parameters.begin(), parameters.end(), is_rest)};
}

std::vector<std::string> named(const std::vector<std::string>& parameters) {
    std::vector<std::string> names;
    std::copy_if(parameters.begin(), parameters.end(), std::back_inserter(names),
                 [](const auto& parameter) { return !is_rest(parameter); });
    return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool takes_any_name(const std::vector<std::string>& parameters) {
    return std::any_of(parameters.begin(), parameters.end(),
                       [](const auto& parameter) { return is_rest(parameter) && parameter != dots; });
}

std::string in_quotes(std::string_view name) {
    return "'" + std::string(name) + "'";
}

std::string number_text(double value) {
    return to_text(Value(value));
}

const Call::Given* find(const std::vector<std::pair<std::string, Call::Given>>& bound,
                        std::string_view name) {
    const auto found =
        std::find_if(bound.begin(), bound.end(), [&](const auto& b) { return b.first == name; });
    return found == bound.end() ? nullptr : &found->second;
}

std::string too_many(const std::string& verb, const std::vector<Call::Given>& given,
                     const std::vector<std::string>& order) {
    if (order.empty()) return verb + " takes no arguments without a name";
    const auto count =
        std::count_if(given.begin(), given.end(), [](const auto& g) { return g.name.empty(); });
    return verb + " takes " + std::to_string(order.size()) +
           (order.size() == 1 ? " argument (" : " arguments (") + joined(order) + "), not " +
           std::to_string(count);
}

std::string no_such(const std::string& verb, const std::string& name, const std::vector<std::string>& names) {
    std::string way_out = did_you_mean(name, names);
    if (way_out.empty()) way_out = names.empty() ? "it takes none" : "it takes " + joined(names);
    return verb + " has no argument " + in_quotes(name) + "; " + way_out;
}

}  // namespace

Matched match(const std::string& verb, const std::vector<Call::Given>& given,
              const std::vector<std::string>& parameters) {
    const auto order = positional(parameters), names = named(parameters);
    Matched matched;
    std::size_t next = 0;
    for (const Call::Given& argument : given) {
        std::string name = argument.name;
        if (name.empty() && next < order.size()) name = order[next++];
        const bool known = contains(names, name);
        const bool open = name.empty() ? contains(parameters, std::string(dots)) : takes_any_name(parameters);
        if (known && find(matched.bound, name)) {
            matched.mistakes.push_back({argument.span, in_quotes(name) + " is given twice"});
        } else if (known) {
            matched.bound.emplace_back(name, argument);
        } else if (open) {
            matched.rest.push_back(argument);
        } else {
            matched.mistakes.push_back(
                {argument.span, name.empty() ? too_many(verb, given, order) : no_such(verb, name, names)});
        }
    }
    return matched;
}

void Call::bind(const std::vector<std::string>& parameters) {
    Matched matched = match(verb, given, parameters);
    if (!matched.mistakes.empty()) fail_here(matched.mistakes[0].span, matched.mistakes[0].message);
    bound_ = std::move(matched.bound);
    rest_ = std::move(matched.rest);
}

const Call::Given* Call::find(std::string_view name) const {
    return rondo::find(bound_, name);
}

bool Call::has(std::string_view name) const {
    const Given* found = find(name);
    return found && !found->value.is_nothing();
}

const Value& Call::value(std::string_view name) const {
    if (!has(name)) fail(verb + " needs " + in_quotes(name));
    return find(name)->value;
}

double Call::number(std::string_view name) const {
    if (const auto* number = value(name).get_if<double>()) return *number;
    fail_type(name, "number");
}

double Call::number(std::string_view name, double fallback) const {
    return has(name) ? number(name) : fallback;
}

long Call::whole(std::string_view name, long min, long max) const {
    const double given_number = number(name);
    const bool fits = given_number >= static_cast<double>(min) && given_number <= static_cast<double>(max);
    if (is_whole(given_number) && fits) return static_cast<long>(given_number);
    fail_at(name, in_quotes(name) + " is " + number_text(given_number) + "; it must be a whole number from " +
                      std::to_string(min) + " to " + std::to_string(max));
}

long Call::whole(std::string_view name, long fallback, long min, long max) const {
    return has(name) ? whole(name, min, max) : fallback;
}

bool Call::flag(std::string_view name, bool fallback) const {
    if (!has(name)) return fallback;
    if (const auto* flag = value(name).get_if<bool>()) return *flag;
    fail_at(name, in_quotes(name) + " of " + verb + " must be true or false, not " +
                      with_article(value(name).type()));
}

std::string Call::text(std::string_view name) const {
    if (const auto* text = value(name).get_if<std::string>()) return *text;
    fail_type(name, "text");
}

std::string Call::text(std::string_view name, const std::string& fallback) const {
    return has(name) ? text(name) : fallback;
}

std::vector<std::string> Call::texts(std::string_view name) const {
    const Value& all = value(name);
    if (const auto* one = all.get_if<std::string>()) return {*one};
    if (const auto* none = all.get_if<Numbers>(); none && none->empty()) return {};
    std::vector<std::string> texts;
    const auto* list = all.get_if<List>();
    if (!list) fail_type(name, "text or a list of texts");
    for (const Value& item : *list) {
        const auto* text = item.get_if<std::string>();
        if (!text) fail_type(name, "text or a list of texts");
        texts.push_back(*text);
    }
    return texts;
}

std::vector<double> Call::numbers(std::string_view name) const {
    const Value& all = value(name);
    if (const auto* one = all.get_if<double>()) return {*one};
    try {
        if (auto list = list_of_numbers(all)) return *list;
    } catch (const Mistake& mistake) {
        fail_at(name, mistake.what(), mistake.help());
    }
    fail_type(name, "number or a list of numbers");
}

const Table& Call::table(std::string_view name) const {
    if (const auto* table = value(name).get_if<Table>()) return *table;
    fail_type(name, "table");
}

std::vector<Call::Given> Call::rest() const {
    return rest_;
}

std::uint64_t Call::seed() const {
    return has("seed") ? seed_of(number("seed")) : default_seed;
}

std::vector<std::uint64_t> Call::seeds() const {
    if (!has("seed") || !(value("seed").get_if<Numbers>() || value("seed").get_if<Range>())) return {seed()};
    std::vector<std::uint64_t> result;
    for (const double each : numbers("seed")) result.push_back(seed_of(each));
    return result;
}

std::uint64_t Call::seed_of(double value) const {
    if (is_whole(value) && value >= 0 && value <= largest_seed) return static_cast<std::uint64_t>(value);
    fail_at("seed", "'seed' is " + number_text(value) + "; it must be a whole number from 0 to " +
                        number_text(largest_seed));
}

void Call::fail(const std::string& message, const std::string& help) const {
    fail_here(span, message, help);
}

void Call::fail_at(std::string_view argument, const std::string& message, const std::string& help) const {
    const Given* found = find(argument);
    fail_here(found && found->span.known() ? found->span : span, message, help);
}

void Call::fail_type(std::string_view argument, std::string_view expected) const {
    const Given* found = find(argument);
    fail_at(argument, in_quotes(argument) + " of " + verb + " must be " + with_article(expected) +
                          (found ? ", not " + with_article(found->value.type()) : ""));
}

void Call::fail_here(Span where, const std::string& message, const std::string& help) const {
    throw LocatedError(Fault::input, render({Severity::error, where, message, help}, environment.sources),
                       false);
}

}  // namespace rondo
