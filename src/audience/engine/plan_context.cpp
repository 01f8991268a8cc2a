#include "audience/engine/plan_context.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace shuke::audience {

namespace {

TextDomain domain_of(EventPlace place) {
    switch (place) {
        case EventPlace::kShop: return TextDomain::kShop;
        case EventPlace::kPlatform: return TextDomain::kPlatform;
        case EventPlace::kProduct: return TextDomain::kProduct;
        case EventPlace::kTitle: return TextDomain::kTitle;
        case EventPlace::kSku: return TextDomain::kSku;
        case EventPlace::kCategory: return TextDomain::kCategory;
        case EventPlace::kBrand: return TextDomain::kBrand;
        default: return TextDomain::kEventText;
    }
}

}  // namespace

TextDomain domain_of(FieldKey field) {
    using enum FieldKey;
    if (is_event_field(field)) return domain_of(event_field(field).place);
    switch (field) {
        case kShop:
        case kRefundShop:
        case kPurchaseShop: return TextDomain::kShop;
        case kPlatform:
        case kRefundPlatform:
        case kPurchasePlatform: return TextDomain::kPlatform;
        case kChannel: return TextDomain::kChannel;
        case kProvince: return TextDomain::kProvince;
        case kCity: return TextDomain::kCity;
        case kCoupon: return TextDomain::kCoupon;
        case kRefundKind: return TextDomain::kRefundKind;
        case kRefundReason: return TextDomain::kRefundReason;
        case kRefundStatus: return TextDomain::kRefundStatus;
        case kProduct: return TextDomain::kProduct;
        case kTitle: return TextDomain::kTitle;
        case kSku: return TextDomain::kSku;
        case kCategory: return TextDomain::kCategory;
        case kBrand: return TextDomain::kBrand;
        default: throw_bug(__FILE__, __LINE__, "field", "has no texts");
    }
}

TextDomain domain_of(AttributeKey attribute) {
    switch (attribute) {
        case AttributeKey::kProvince: return TextDomain::kProvince;
        case AttributeKey::kCity: return TextDomain::kCity;
        case AttributeKey::kDistrict: return TextDomain::kDistrict;
        case AttributeKey::kShop: return TextDomain::kShop;
        case AttributeKey::kPlatform: return TextDomain::kPlatform;
        default: throw_bug(__FILE__, __LINE__, "attribute", "has no texts");
    }
}

const std::vector<std::uint32_t>* text_of_stored(const SharedTables& shared, FieldKey field) {
    const TextDomain domain = domain_of(field);
    if (domain == TextDomain::kShop) return &shared.shop_names;
    if (domain == TextDomain::kPlatform) return &shared.shop_platforms;
    return domain >= TextDomain::kProduct ? &shared.label_texts(domain) : nullptr;
}

std::vector<std::uint8_t> passing_texts(const SharedTables& shared, TextDomain domain, const bound::TextTest& test) {
    using Kind = bound::TextTest::Kind;
    const Dictionary& dictionary = shared.dictionary(domain);
    std::vector<std::uint8_t> passes(dictionary.max_code() + 1, 0);
    if (test.kind == Kind::kEqualsAny) {
        for (const std::string& value : test.values) passes[dictionary.find(value)] = 1;
    } else {
        const std::string wanted = nfkc(test.values.front());
        for (std::uint32_t code = 1; code < passes.size(); ++code) {
            const std::string text = nfkc(dictionary.text(code));
            const bool found = test.kind == Kind::kContains ? text.find(wanted) != text.npos : text.starts_with(wanted);
            passes[code] = found ? 1 : 0;
        }
    }
    if (test.negated) std::ranges::for_each(passes, [](std::uint8_t& pass) { pass ^= 1; });
    passes[0] = 0;  // a missing text passes no comparison
    return passes;
}

}  // namespace shuke::audience
