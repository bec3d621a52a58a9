// How a verb reads its arguments, and what it says where they are wrong.
#include <gtest/gtest.h>

#include "study_run.h"

namespace rondo {
namespace {

// The message of the error alone, without place and excerpt.
std::string message_of(StudyRun& runner, const std::string& study) {
    const std::string text = runner.failure(study);
    const auto begin = text.find("error: ");
    return begin == std::string::npos ? text : text.substr(begin + 7, text.find('\n') - begin - 7);
}

TEST(Call, GettersSayWhatWasGivenAndWhatIsExpected) {
    StudyRun runner;
    runner.add("number", {"x"}, [](Call& call) { return call.number("x"); });
    runner.add("whole", {"n"}, [](Call& call) { return static_cast<double>(call.whole("n", 2, 9)); });
    runner.add("flag", {"on"}, [](Call& call) { return call.flag("on", false); });
    runner.add("say", {"text"}, [](Call& call) { return call.text("text"); });
    runner.add("names", {"of"}, [](Call& call) { return static_cast<double>(call.texts("of").size()); });
    runner.add("list", {"xs"}, [](Call& call) { return call.numbers("xs"); });
    runner.add("rows", {"data"}, [](Call& call) { return static_cast<double>(call.table("data").rows()); });
    struct Case {
        const char *study, *message;
    };
    for (const auto& [study, message] : {
             Case{"number(\"a\")", "'x' of number must be a number, not a text"},
             Case{"number()", "number needs 'x'"},
             Case{"number([1])", "'x' of number must be a number, not a list"},
             Case{"whole(1)", "'n' is 1; it must be a whole number from 2 to 9"},
             Case{"whole(2.5)", "'n' is 2.5; it must be a whole number from 2 to 9"},
             Case{"whole(inf)", "'n' is inf; it must be a whole number from 2 to 9"},
             Case{"whole(nan)", "'n' is nan; it must be a whole number from 2 to 9"},
             Case{"flag(1)", "'on' of flag must be true or false, not a number"},
             Case{"say(1)", "'text' of say must be a text, not a number"},
             Case{"names([\"a\", 1])", "'of' of names must be a text or a list of texts, not a list"},
             Case{"list(0.5..2)", "the range 0.5..2 has no whole ends, so it has no items"},
             Case{"list(\"a\")", "'xs' of list must be a number or a list of numbers, not a text"},
             Case{"rows(3)", "'data' of rows must be a table, not a number"},
         }) {
        SCOPED_TRACE(study);
        EXPECT_EQ(message_of(runner, study), message);
    }
    EXPECT_EQ(
        runner.run(
            "print(number(2), whole(9), flag(), flag(true), say(\"a\"), names(\"a\"), names([\"a\", \"b\"]),"
            " names([]), list(3), list(1..3), rows(table(a = [1, 2])))"),
        "2 9 false true a 1 2 0 [3] [1, 2, 3] 2\n");
}

TEST(Call, ArgumentsGoToParameters) {
    StudyRun runner;
    const auto show = [](Call& call) -> Value {
        std::string text;
        for (const char* name : {"a", "b"})
            text += std::string(name) + "=" + (call.has(name) ? to_text(call.value(name)) : "-") + " ";
        for (const auto& given : call.rest()) text += "(" + given.name + ":" + to_text(given.value) + ")";
        return text;
    };
    runner.add("two", {"a", "b"}, show);
    runner.add("more", {"a", "...", "b"}, show);
    runner.add("open", {"a", "b", "column..."}, show);
    struct Case {
        const char *study, *says;
    };
    for (const auto& [study, says] : {
             Case{"two(1, 2)", "a=1 b=2 "},
             Case{"two(b = 2)", "a=- b=2 "},
             Case{"two(1, 2, 3)", "two takes 2 arguments (a, b), not 3"},
             Case{"two(1, a = 2)", "'a' is given twice"},
             Case{"two(a = 2, 1)", "'a' is given twice"},
             Case{"two(c = 1)", "two has no argument 'c'; it takes a, b"},
             Case{"more(1, 2, 3, b = 4)", "a=1 b=4 (:2)(:3)"},
             Case{"more(1, c = 3)", "more has no argument 'c'; it takes a, b"},
             Case{"open(1, x = 3, b = 2)", "a=1 b=2 (x:3)"},
             Case{"open(1, 2, 3)", "open takes 2 arguments (a, b), not 3"},
         }) {
        SCOPED_TRACE(study);
        std::string said = message_of(runner, "print(" + std::string(study) + ")");
        if (said.empty()) said = runner.out.str().substr(0, runner.out.str().size() - 1);
        EXPECT_EQ(said, says);
    }
}

TEST(Call, FailuresPointAtTheArgument) {
    StudyRun runner;
    runner.add("f", {"n"}, [](Call& call) -> Value { call.fail_at("n", "n is bad", "try another"); });
    runner.add("g", {"n"}, [](Call& call) -> Value { call.fail("g is tired"); });
    EXPECT_EQ(runner.failure("f(n = 12)"),
              "study.rondo:1:3: error: n is bad\n"
              "  1 | f(n = 12)\n"
              "    |   ^~~~~~\n"
              "  help: try another\n");
    EXPECT_EQ(runner.failure("x = g(12)"),
              "study.rondo:1:5: error: g is tired\n"
              "  1 | x = g(12)\n"
              "    |     ^~~~~\n");
}

}  // namespace
}  // namespace rondo
