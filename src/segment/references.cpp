#include "segment/references.h"

#include "audience/expression/lexer.h"
#include "base/error.h"
#include "base/text.h"

namespace shuke::segment {
namespace {

using audience::Token;
using audience::TokenKind;

// One step deeper along the definitions; true when `start` was reached.
bool reach(const std::map<std::string, std::string>& expressions, const std::string& from, const std::string& start,
           std::set<std::string>& seen, std::vector<std::string>& way) {
    const auto definition = expressions.find(from);
    if (definition == expressions.end()) return false;
    for (const std::string& next : references_of(definition->second).segments) {
        way.push_back(next);
        if (next == start) return true;
        if (seen.insert(next).second && reach(expressions, next, start, seen, way)) return true;
        way.pop_back();
    }
    return false;
}

}  // namespace

References references_of(std::string_view expression) {
    References found;
    std::vector<Token> tokens;
    try {
        tokens = audience::tokenize(expression);
    } catch (const Failure&) {
        return found;  // no expression names nobody
    }
    for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
        if (tokens[i].kind != TokenKind::kWord || tokens[i + 1].text != "(") continue;
        const Token& name = tokens[i + 2];
        if (name.kind != TokenKind::kString && name.kind != TokenKind::kWord) continue;
        const std::string text =
            name.kind == TokenKind::kString ? audience::unquote(name.text) : std::string(name.text);
        if (audience::equals_keyword(tokens[i].text, "segment")) found.segments.insert(nfkc(text));
        if (audience::equals_keyword(tokens[i].text, "was_in")) found.was_in.insert(nfkc(text));
        if (audience::equals_keyword(tokens[i].text, "list")) found.lists.insert(nfkc(text));
    }
    return found;
}

std::vector<std::string> find_cycle(const std::map<std::string, std::string>& expressions, const std::string& start) {
    std::set<std::string> seen{start};
    std::vector<std::string> way{start};
    if (reach(expressions, start, start, seen, way)) return way;
    return {};
}

}  // namespace shuke::segment
