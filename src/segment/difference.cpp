#include "segment/difference.h"

namespace shuke::segment {
namespace {

using audience::Predicate;
using audience::Selection;

constexpr std::size_t kLongestText = 2000;

class Reasoner {
public:
    Reasoner(const audience::Version& version, Instant as_of, const audience::BindOptions& bind,
             audience::WorkerPool* pool)
        : version_(version), as_of_(as_of), bind_(bind), pool_(pool) {}

    // `failing`: out, those of `asked` for whom the node is not as wanted.
    Reason reason(const Predicate& node, bool wanted, const Roaring& asked, Roaring& failing) {
        Reason result;
        result.text = audience::print(node);
        if (result.text.size() > kLongestText) result.text = result.text.substr(0, kLongestText) + "…";
        result.wanted = wanted;
        result.asked = asked.cardinality();
        const Roaring holding = holds(node);
        failing = wanted ? asked - holding : asked & holding;
        result.failed = failing.cardinality();
        if (const auto* negated = std::get_if<audience::Not>(&node.node)) {
            Roaring same;
            result.parts.push_back(reason(negated->part.front(), !wanted, failing, same));
        } else if (const auto* all = std::get_if<audience::And>(&node.node)) {
            add_parts(result, all->parts, wanted, failing);
        } else if (const auto* any = std::get_if<audience::Or>(&node.node)) {
            add_parts(result, any->parts, wanted, failing);
        }
        return result;
    }

private:
    void add_parts(Reason& result, const std::vector<Predicate>& parts, bool wanted, const Roaring& asked) {
        Roaring once, more;
        std::vector<Roaring> failing(parts.size());
        for (std::size_t i = 0; i < parts.size(); ++i) {
            result.parts.push_back(reason(parts[i], wanted, asked, failing[i]));
            more |= once & failing[i];
            once |= failing[i];
        }
        for (std::size_t i = 0; i < parts.size(); ++i) result.parts[i].failed_alone = (failing[i] - more).cardinality();
    }

    Roaring holds(const Predicate& node) {
        const auto bound = audience::bind(audience::Expression{node}, bind_);
        if (!bound) throw Failure{bound.error()};
        return audience::evaluate(version_, *bound, as_of_, pool_).slots;
    }

    const audience::Version& version_;
    Instant as_of_;
    const audience::BindOptions& bind_;
    audience::WorkerPool* pool_;
};

}  // namespace

Result<Difference> difference(const audience::Version& version, const audience::BoundExpression& a,
                              const audience::BoundExpression& b, Instant as_of, const audience::BindOptions& bind,
                              audience::WorkerPool* pool) {
    const Selection in_a = audience::evaluate(version, a, as_of, pool);
    const Selection in_b = audience::evaluate(version, b, as_of, pool);
    Difference result;
    result.in_a = in_a.count();
    result.in_b = in_b.count();
    result.in_both = in_a.slots.and_cardinality(in_b.slots);
    result.only_a.slots = in_a.slots - in_b.slots;
    try {
        Roaring failing;
        result.reason =
            Reasoner(version, as_of, bind, pool).reason(b.expression().root, true, result.only_a.slots, failing);
    } catch (const Failure& failure) {
        return std::unexpected(failure.error);
    }
    return result;
}

}  // namespace shuke::segment
