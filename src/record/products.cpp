#include "record/products.h"

#include <algorithm>

#include "record/database.h"
#include "record/next_id.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;
constexpr std::size_t kCachedMax = 1'000'000;

Hash128 product_key(ShopId shop, std::string_view code) { return FieldHasher().add(shop.value).add(code).finish(); }

}  // namespace

LabelStore::LabelStore(WriteSession& session)
    : session_(session),
      labels_(session,
              insert_into("product_labels",
                          {"id", "product_id", "title", "sku", "category_id", "brand", "content_high", "content_low"}),
              {kInt, kInt, kText, kText, kInt, kText, kInt, kInt}),
      products_(session, insert_into("products", {"id", "shop_id", "code"}), {kInt, kInt, kText}),
      categories_(session, insert_into("categories", {"id", "name"}), {kInt, kText}) {
    forget();
}

void LabelStore::begin() {
    if (label_ids_.size() > kCachedMax || product_ids_.size() > kCachedMax || category_ids_.size() > kCachedMax) {
        label_ids_.clear();
        product_ids_.clear();
        category_ids_.clear();
    }
    next_label_ = next_id(session_, "product_labels");
    next_product_ = next_id(session_, "products");
    next_category_ = next_id(session_, "categories");
}

void LabelStore::flush() {
    categories_.flush();
    products_.flush();
    labels_.flush();
}

void LabelStore::forget() {
    categories_.discard();
    products_.discard();
    labels_.discard();
    label_ids_.clear();
    product_ids_.clear();
    category_ids_.clear();
    fill_filter();
}

// What is new since it was filled last: ids ascend, and a filter only ever gains.
void LabelStore::fill_filter() {
    if (filled_labels_ < 0) {
        long long rows = 0;
        session_.now() << "SELECT count(*) FROM product_labels", soci::into(rows);
        known_.reset(static_cast<std::size_t>(rows) + 1'000'000);
        filled_labels_ = filled_products_ = 0;
    }
    long long id = 0, high = 0, low = 0, shop = 0;
    soci::statement select =
        (session_.now().prepare << "SELECT id, content_high, content_low FROM product_labels WHERE id > :id",
         soci::use(filled_labels_), soci::into(id), soci::into(high), soci::into(low));
    select.execute();
    long long newest = filled_labels_;
    for (; select.fetch(); newest = std::max(newest, id))
        known_.add({static_cast<std::uint64_t>(high), static_cast<std::uint64_t>(low)});
    filled_labels_ = newest;
    std::string code;
    soci::statement products = (session_.now().prepare << "SELECT id, shop_id, code FROM products WHERE id > :id",
                                soci::use(filled_products_), soci::into(id), soci::into(shop), soci::into(code));
    products.execute();
    newest = filled_products_;
    for (; products.fetch(); newest = std::max(newest, id)) known_.add(product_key(ShopId{shop}, code));
    filled_products_ = newest;
}

LabelId LabelStore::find_or_create(ShopId shop, const LabelColumns& columns) {
    FieldHasher hasher;
    hasher.add(shop.value)
        .add(columns.product)
        .add(columns.title)
        .add(columns.sku)
        .add(columns.category)
        .add(columns.brand);
    const Hash128 content = hasher.finish();
    if (const auto known = label_ids_.find(content); known != label_ids_.end()) return known->second;
    const auto high = static_cast<long long>(content.high);
    const auto low = static_cast<long long>(content.low);
    if (known_.may_contain(content)) {
        long long id = 0;
        session_.now() << "SELECT id FROM product_labels WHERE content_high = :high AND content_low = :low",
            soci::use(high), soci::use(low), soci::into(id);
        if (session_.now().got_data()) return label_ids_.emplace(content, LabelId{id}).first->second;
    }
    const LabelId label{next_label_++};
    const std::string_view code = columns.product.empty() ? columns.title : columns.product;
    labels_.integer(label.value)
        .integer(product(shop, code).value)
        .nullable_text(columns.title)
        .nullable_text(columns.sku);
    labels_.nullable(category(columns.category), 0).nullable_text(columns.brand).integer(high).integer(low);
    known_.add(content);
    label_ids_.emplace(content, label);
    return label;
}

ProductId LabelStore::product(ShopId shop, std::string_view code) {
    const Hash128 key = product_key(shop, code);
    if (const auto known = product_ids_.find(key); known != product_ids_.end()) return known->second;
    if (known_.may_contain(key)) {
        long long id = 0;
        const long long in_shop = shop.value;
        const std::string text(code);
        session_.now() << "SELECT id FROM products WHERE shop_id = :shop AND code = :code", soci::use(in_shop),
            soci::use(text), soci::into(id);
        if (session_.now().got_data()) return product_ids_.emplace(key, ProductId{id}).first->second;
    }
    const ProductId product{next_product_++};
    products_.integer(product.value).integer(shop.value).text(code);
    known_.add(key);
    return product_ids_.emplace(key, product).first->second;
}

std::int64_t LabelStore::category(std::string_view name) {
    if (name.empty()) return 0;
    const std::string text(name);
    if (const auto known = category_ids_.find(text); known != category_ids_.end()) return known->second;
    long long id = 0;
    session_.now() << "SELECT id FROM categories WHERE name = :name", soci::use(text), soci::into(id);
    if (!session_.now().got_data()) {
        id = next_category_++;
        categories_.integer(id).text(text);
    }
    return category_ids_.emplace(text, id).first->second;
}

std::optional<ProductId> find_product(soci::session& session, ShopId shop, const std::string& code) {
    const long long in_shop = shop.value;
    long long id = 0;
    session << "SELECT id FROM products WHERE shop_id = :shop AND code = :code", soci::use(in_shop), soci::use(code),
        soci::into(id);
    if (!session.got_data()) return std::nullopt;
    return ProductId{id};
}

// Sums of remainders by two primes, which no database can overflow.
std::int64_t product_terms_fingerprint(soci::session& session) {
    long long fingerprint = 0;
    session << "SELECT CAST(coalesce(sum(1 + (product_id % 99991) * (1 + coalesce(list_price, 7) % 99991) + "
               "(product_id % 99989) * (1 + coalesce(cost, 7) % 99989) + coalesce(listed_at, 7) / 1000000 % 99991), 0) "
               "AS BIGINT) FROM product_terms",
        soci::into(fingerprint);
    return fingerprint;
}

void put_product_terms(soci::session& session, ProductId product, const ProductTerms& terms) {
    const long long id = product.value;
    Nullable list_price(terms.list_price, kMissingAmount), cost(terms.cost, kMissingAmount),
        listed_at(terms.listed_at.us_since_epoch, kNever.us_since_epoch);
    session << "DELETE FROM product_terms WHERE product_id = :id", soci::use(id);
    session << "INSERT INTO product_terms (product_id, list_price, cost, listed_at) VALUES (:id, :list_price, :cost, "
               ":listed_at)",
        soci::use(id), soci::use(list_price.value, list_price.indicator), soci::use(cost.value, cost.indicator),
        soci::use(listed_at.value, listed_at.indicator);
}

}  // namespace shuke::record
