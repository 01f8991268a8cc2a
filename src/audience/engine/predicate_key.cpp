#include "audience/engine/predicate_key.h"

#include <type_traits>

namespace shuke::audience {
namespace {

// Every value with its length or in a fixed width, so that no two conditions run together.
class KeyWriter {
public:
    void number(std::int64_t value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
    void real(double value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
    template <class E>
        requires std::is_enum_v<E>
    void choice(E value) {
        number(static_cast<std::int64_t>(value));
    }
    void text(std::string_view text) {
        number(static_cast<std::int64_t>(text.size()));
        bytes_.append(text);
    }

    void window(const Window& window) {
        choice(window.kind);
        number(window.n);
        choice(window.unit);
        number(window.from.days_since_epoch);
        number(window.to.days_since_epoch);
    }

    void test(const bound::Test& test) {
        number(static_cast<std::int64_t>(test.index()));
        std::visit([&](const auto& one) { content(one); }, test);
    }

    void row(const bound::Row& row) {
        choice(row.kind);
        number(static_cast<std::int64_t>(row.parts.size()));
        for (const bound::Row& part : row.parts) this->row(part);
        if (row.kind != bound::Row::Kind::kLeaf) return;
        choice(row.field->key);
        test(row.test);
    }

    void facts(const bound::Facts& facts) {
        choice(facts.fact->kind);
        number(facts.where.has_value());
        if (facts.where) row(*facts.where);
        number(facts.window.has_value());
        if (facts.window) window(*facts.window);
    }

    void metric(const bound::Metric& metric) {
        choice(metric.kind);
        number(metric.scale);
        real(metric.constant);
        text(metric.signs);
        number(static_cast<std::int64_t>(metric.parts.size()));
        for (const bound::Metric& part : metric.parts) this->metric(part);
        if (metric.kind == bound::Metric::Kind::kPopulation) good_ = false;
        if (metric.kind == bound::Metric::Kind::kAttribute) {
            text(metric.attribute->name);
            text(metric.trait);
        }
        if (metric.kind != bound::Metric::Kind::kAggregate) return;
        choice(metric.aggregate);
        facts(metric.facts);
        number(metric.field == nullptr ? -1 : static_cast<std::int64_t>(metric.field->key));
    }

    std::optional<std::string> finish() { return good_ ? std::optional(std::move(bytes_)) : std::nullopt; }

private:
    void content(const bound::NumberTest& test) {
        choice(test.op);
        real(test.constant);
        number(test.low);
        number(test.high);
        number(test.negated);
    }
    void content(const bound::NumberSetTest& test) {
        number(static_cast<std::int64_t>(test.values.size()));
        for (const std::int64_t value : test.values) number(value);
    }
    void content(const bound::TextTest& test) {
        choice(test.kind);
        number(test.negated);
        number(static_cast<std::int64_t>(test.values.size()));
        for (const std::string& value : test.values) text(value);
    }
    void content(const bound::ChoiceTest& test) { number(test.allowed); }
    void content(const bound::KnownTest& test) { number(test.known); }
    void content(const bound::WindowTest& test) {
        window(test.window);
        number(test.negated);
    }
    void content(const bound::FlagTest&) {}

    std::string bytes_;
    bool good_ = true;
};

constexpr std::int64_t kMetric = -1;  // where predicates have their kind

}  // namespace

std::optional<std::string> metric_key(const bound::Metric& metric) {
    KeyWriter key;
    key.number(kMetric);
    key.metric(metric);
    return key.finish();
}

std::optional<std::string> predicate_key(const bound::Predicate& leaf) {
    KeyWriter key;
    key.choice(leaf.kind);
    switch (leaf.kind) {
        case bound::Predicate::Kind::kAny: key.facts(leaf.facts); break;
        case bound::Predicate::Kind::kTest:
            key.metric(leaf.left);
            key.test(leaf.test);
            break;
        case bound::Predicate::Kind::kCompare:
            key.metric(leaf.left);
            key.choice(leaf.op);
            key.metric(leaf.right);
            break;
        default: return std::nullopt;
    }
    return key.finish();
}

}  // namespace shuke::audience
