#include "tests/runtime/report/xml.h"

#include <algorithm>
#include <stdexcept>

namespace rondo::xml {
namespace {

[[noreturn]] void fail(const std::string& what, std::string_view rest) {
    throw std::runtime_error(what + " before: " + std::string(rest.substr(0, 60)));
}

std::string unescape(std::string_view text) {
    static const std::map<std::string, char> entities = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}};
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '<') fail("bare '<'", text.substr(i));
        if (text[i] != '&') {
            result += text[i];
            continue;
        }
        const auto end = std::min(text.find(';', i), text.size() - 1);
        const auto entity = entities.find(std::string(text.substr(i, end - i + 1)));
        if (entity == entities.end()) fail("unknown entity", text.substr(i));
        result += entity->second;
        i = end;
    }
    return result;
}

class Reader {
  public:
    explicit Reader(std::string_view document) : rest_(document) {}

    std::vector<Element> read() {
        while (!rest_.empty()) {
            if (rest_.front() == '<')
                read_tag();
            else
                read_text();
        }
        if (!open_.empty()) fail("unclosed <" + elements_[open_.back()].tag + ">", "the end");
        return std::move(elements_);
    }

  private:
    void read_text() {
        const auto end = std::min(rest_.find('<'), rest_.size());
        const std::string text = unescape(rest_.substr(0, end));
        if (open_.empty() && text.find_first_not_of(" \n") != text.npos) fail("text outside the root", rest_);
        for (const std::size_t i : open_) elements_[i].text += text;
        rest_.remove_prefix(end);
    }

    void read_tag() {
        if (rest_.starts_with("</")) return close();
        rest_.remove_prefix(1);
        if (open_.empty() && !elements_.empty()) fail("second root", rest_);
        Element element;
        element.tag = take_until(" />");
        while (rest_.starts_with(' ')) {
            rest_.remove_prefix(1);
            const std::string name = take_until("=");
            if (!rest_.starts_with("=\"")) fail("attribute without quotes", rest_);
            rest_.remove_prefix(2);
            const std::string value = unescape(take_until("\""));
            rest_.remove_prefix(1);
            if (!element.attributes.emplace(name, value).second) fail("attribute twice", name);
        }
        elements_.push_back(element);
        const bool whole = rest_.starts_with("/>");
        if (!whole && !rest_.starts_with('>')) fail("tag without end", rest_);
        if (!whole) open_.push_back(elements_.size() - 1);
        rest_.remove_prefix(whole ? 2 : 1);
    }

    void close() {
        rest_.remove_prefix(2);
        const std::string tag = take_until(">");
        if (open_.empty() || elements_[open_.back()].tag != tag) fail("</" + tag + "> closes nothing", rest_);
        open_.pop_back();
        rest_.remove_prefix(1);
    }

    std::string take_until(std::string_view ends) {
        const auto end = rest_.find_first_of(ends);
        if (end == rest_.npos) fail("end of text", rest_);
        const std::string taken(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return taken;
    }

    std::string_view rest_;
    std::vector<Element> elements_;
    std::vector<std::size_t> open_;
};

}  // namespace

std::vector<Element> read(std::string_view document) {
    return Reader(document).read();
}

std::vector<Element> with_tag(const std::vector<Element>& elements, std::string_view tag) {
    std::vector<Element> result;
    std::copy_if(elements.begin(), elements.end(), std::back_inserter(result),
                 [&](const Element& element) { return element.tag == tag; });
    return result;
}

std::vector<std::string> texts(const std::vector<Element>& elements) {
    std::vector<std::string> result;
    for (const Element& element : with_tag(elements, "text")) result.push_back(element.text);
    return result;
}

}  // namespace rondo::xml
