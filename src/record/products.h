// src/record/products.h
//
// Products, categories and labels (a product as a line named it). find_or_create is called for every line, so what
// is known is kept in memory, up to a bound.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <unordered_map>

#include "base/bloom_filter.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/money.h"
#include "record/statement_batch.h"

namespace shuke::record {

struct LabelColumns {
    std::string_view product, title, sku, category, brand;  // empty = not said
};

class LabelStore {
public:
    explicit LabelStore(WriteSession& session);

    LabelId find_or_create(ShopId shop, const LabelColumns& columns);
    void begin();  // a transaction has begun: ids are read anew
    void flush();
    void forget();  // the transaction was rolled back, or somebody else has written

private:
    ProductId product(ShopId shop, std::string_view code);
    std::int64_t category(std::string_view name);
    void fill_filter();

    WriteSession& session_;
    StatementBatch labels_, products_, categories_;
    BloomFilter known_;                                    // contents of labels, keys of products
    long long filled_labels_ = -1, filled_products_ = -1;  // with ids up to these; -1: not yet
    std::unordered_map<Hash128, LabelId, Hash128Hasher> label_ids_;
    std::unordered_map<Hash128, ProductId, Hash128Hasher> product_ids_;
    std::unordered_map<std::string, std::int64_t> category_ids_;
    std::int64_t next_label_ = 0, next_product_ = 0, next_category_ = 0;
};

// Of a product as it is today; kMissingAmount, kNever: not known. In the currency of its shop.
struct ProductTerms {
    std::int64_t list_price = kMissingAmount;
    std::int64_t cost = kMissingAmount;
    Instant listed_at = kNever;
};
std::optional<ProductId> find_product(soci::session& session, ShopId shop, const std::string& code);
// Buyers are not stamped: whoever keeps what depends on it compares the fingerprint.
std::int64_t product_terms_fingerprint(soci::session& session);
void put_product_terms(soci::session& session, ProductId product, const ProductTerms& terms);

}  // namespace shuke::record
