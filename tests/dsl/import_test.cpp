// `import "file"`: texts in texts.
#include <gtest/gtest.h>

#include <map>

#include "expect.h"
#include "read.h"

namespace rondo {
namespace {

struct Folder {
    std::map<std::string, std::string> texts;
    Sources sources = {};
    Diagnostics diagnostics{sources};
    std::map<std::string, std::uint32_t> numbers = {};

    std::optional<std::uint32_t> load(const std::string& path, Span where) {
        if (!texts.contains(path)) {
            diagnostics.error(where, "there is no file '" + path + "'");
            return {};
        }
        const auto [known, first] = numbers.emplace(path, 0);
        if (first) known->second = sources.add(path, texts.at(path));
        return known->second;
    }

    Network read(const std::string& path) {
        const auto import = [this](const std::string& name, Span where) { return load(name, where); };
        return resolve(parse_models(*load(path, {}), diagnostics, import), diagnostics);
    }
};

TEST(Import, PastesModelsAndFunctionsOnce) {
    Folder folder{{{"main.ant", "import \"a.ant\"\nimport \"b.ant\"\nmodel *m\n  A: a(); B: b()\nend\n"},
                   {"a.ant", "import \"f.ant\"\nmodel a\n  x := f(2)\nend\n"},
                   {"b.ant", "import \"f.ant\"\nmodel b\n  y := f(3)\nend\n"},
                   {"f.ant", "function f(x)\n  x + 1\nend\n"}}};
    const Network network = folder.read("main.ant");
    EXPECT_TRUE(folder.diagnostics.list().empty()) << folder.diagnostics.render();
    EXPECT_NE(dump(network).find("assignment A_x = f(2)\nassignment B_y = f(3)\n"), std::string::npos)
        << dump(network);
    EXPECT_EQ(network.functions.size(), 1u);
}

TEST(Import, SaysWhatIsWrongWhereItStands) {
    struct Case {
        std::map<std::string, std::string> texts;
        std::string where, message;
    };
    const Case cases[] = {
        {{{"m.ant", "x = 1\nimport \"n.ant\"\n"}, {"n.ant", "import \"m.ant\"\n"}},
         "n.ant:1:8",
         "'m.ant' imports itself"},
        {{{"m.ant", "import \"m.ant\"\nx = 1\n"}}, "m.ant:1:8", "'m.ant' imports itself"},
        {{{"m.ant", "import \"q.ant\"\nx = 1\n"}}, "m.ant:1:8", "there is no file 'q.ant'"},
        {{{"m.ant", "import \"n.ant\"\nx = 1\n"}, {"n.ant", "y = *\n"}},
         "n.ant:1:5",
         "expected a formula, found '*'"},
    };
    for (const auto& [texts, where, message] : cases) {
        Folder folder{texts};
        folder.read("m.ant");
        ASSERT_EQ(folder.diagnostics.list().size(), 1u) << folder.diagnostics.render();
        EXPECT_EQ(folder.diagnostics.list()[0].message, message);
        EXPECT_EQ(folder.sources.where(folder.diagnostics.list()[0].span), where);
    }
    const Reading alone("import \"a.ant\"\nx = 1\n");
    expect_complaints("import \"a.ant\"  // error 1:1: nothing can be imported here\n", alone.diagnostics);
}

}  // namespace
}  // namespace rondo
