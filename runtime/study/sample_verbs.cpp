// sample_verbs.cpp: box and the point sets in it.
#include "runtime/study/objects.h"

namespace rondo {

namespace {

Axis axis(const Call& call, const Call::Given& given, Scale scale) {
    const auto* range = given.value.get_if<Range>();
    if (!range) call.fail("'" + given.name + "' must be a range such as 0..5");
    return {given.name, range->first, range->last, scale};
}

Scale scale_of(const Call& call) {
    const std::string text = call.text("scale", "linear");
    if (text != "linear" && text != "log")
        call.fail_at("scale", "there is no scale \"" + text + "\"; there are \"linear\" and \"log\"");
    return text == "log" ? Scale::log : Scale::linear;
}

Box box_of_rest(const Call& call) {
    Box box;
    for (const auto& given : call.rest()) box.axes.push_back(axis(call, given, scale_of(call)));
    try {
        check(box);
    } catch (const Error& error) {
        call.fail(error.what());
    }
    return box;
}

using Sampler = Table (*)(const Box&, std::size_t, std::uint64_t);

Verb sampler(const std::string& name, Sampler sample) {
    return {name,
            {"box", "n", "seed"},
            [sample](Call& call) -> Value {
                const Box& box = call.object<BoxValue>("box", "box").box;
                return sample(box, static_cast<std::size_t>(call.whole("n", 1, 100'000'000)), call.seed());
            },
            true};
}

// grid(box, n = 40) or grid(a = 0..2, b = 0..5, n = 21)
Value run_grid(Call& call) {
    const auto n = static_cast<std::size_t>(call.whole("n", 2, 1'000'000));
    if (call.has("box")) return grid(call.object<BoxValue>("box", "box").box, n);
    return grid(box_of_rest(call), n);
}

}  // namespace

void add_sample_verbs(Verbs& verbs) {
    verbs["box"] = {
        "box", {"name...", "scale"}, [](Call& call) { return make_object(BoxValue(box_of_rest(call))); }};
    verbs["lhs"] = sampler("lhs", lhs);
    verbs["uniform"] = sampler("uniform", uniform);
    verbs["sobol"] = sampler("sobol", sobol);
    verbs["grid"] = {"grid", {"box", "n", "scale", "name..."}, run_grid};
}

}  // namespace rondo
