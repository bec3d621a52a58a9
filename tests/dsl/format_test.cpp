// The layout of formatted models; that it is another text but the same model.
#include "dsl/syntax/format.h"

#include <gtest/gtest.h>

#include "biomodels.h"
#include "dsl/syntax/parse.h"
#include "read.h"

namespace rondo {
namespace {

std::string formatted(const std::string& text) {
    Sources sources;
    Diagnostics diagnostics(sources);
    return format_model(sources.add("m.ant", text), diagnostics);
}

std::string tree(const std::string& text) {
    Sources sources;
    Diagnostics diagnostics(sources);
    return dump(parse_models(sources.add("m.ant", text), diagnostics));
}

TEST(Format, SetsLinesAndWords) {
    struct Case {
        std::string text, layout;
    };
    const Case cases[] = {
        {"model m\nA->B;k*A\n  // why\n\n\n\nk=1;A = 2   // start\nend",
         "model m\n  A -> B; k*A\n  // why\n\n  k = 1; A = 2 // start\nend\n"},
        {"function f( x,y )\nx ^ 2+y\nend\nfunction g(x) x end\nx:=f(1 , 2)",
         "function f(x, y)\n  x^2+y\nend\nfunction g(x) x end\nx := f(1, 2)\n"},
        {"E : at x>3,t0=false:y=1,\nz =2\nq'=-q\n", "E: at x > 3, t0 = false: y = 1,\n    z = 2\nq' = -q\n"},
        {"x = (a +\n b)\ny = a + \\\n   b  \n", "x = (a +\n    b)\ny = a + \\\n    b\n"},
        {"for i in 1..2\nS[i] = i\nfor j in 1..2\nT[i,j]=1\nend\nend\n",
         "for i in 1..2\n  S[i] = i\n  for j in 1..2\n    T[i, j] = 1\n  end\nend\n"},
        {"/* a\n   b */ x=1\ny = /* c */2 # d", "/* a\n   b */ x = 1\ny = /* c */ 2 # d\n"},
        {"model m\nS.sboTerm=SBO:0000245\nmodel part \"u\"\nend=2; E -o J; P--G\nend\n",
         "model m\n  S.sboTerm = SBO:0000245\n  model part \"u\"\n  end = 2; E -o J; P--G\nend\n"},
        {"2  $ S + - 3 T=>;;x=1\n", "2 $S + - 3 T =>;; x = 1\n"},
        {"\n\n x=1\n\n", "x = 1\n"},
    };
    for (const auto& [text, layout] : cases) {
        EXPECT_EQ(formatted(text), layout);
        EXPECT_EQ(formatted(layout), layout);
        EXPECT_EQ(tree(layout), tree(text));
    }
}

TEST(Format, KeepsTheModelsOfTheDatabase) {
    const BioModels models("antimony");
    if (!models.missing.empty()) GTEST_SKIP() << models.missing;
    for (std::size_t i = 0; i < models.files.size(); i += 3) {
        const auto& path = models.files[i];
        SCOPED_TRACE(path.filename().string());
        const std::string text = content(path), once = formatted(text);
        EXPECT_EQ(formatted(once), once);
        EXPECT_EQ(tree(once), tree(text));
    }
}

}  // namespace
}  // namespace rondo
