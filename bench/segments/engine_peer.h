// bench/segments/engine_peer.h: this project's engine, fed with the same world.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "audience/evaluate.h"
#include "audience/predicate_cache.h"
#include "audience/worker_pool.h"
#include "segments/world.h"

namespace shuke::bench {

class Engine {
public:
    Engine(const WorldShape& shape, audience::WorkerPool& pool);

    // Why the language cannot say it yet; empty when it can.
    std::string complaint(const std::string& text) const;

    // All that a caller waits for: the text parsed, bound, compiled and evaluated, without anything known before.
    audience::Selection answer(const std::string& text) const;

    // The same with the predicate cache, which is kept from one call of this function to the next.
    audience::Selection answer_warm(const std::string& text);
    void forget() { cache_.clear(); }

    std::vector<std::int64_t> ids(const std::string& text) const;
    const audience::Version& version() const { return *version_; }
    double load_seconds() const { return load_seconds_; }

private:
    audience::BindOptions bind_options() const { return {version_->config().base_currency, nullptr}; }

    audience::WorkerPool& pool_;
    std::shared_ptr<const audience::Version> version_;
    audience::PredicateCache cache_;
    double load_seconds_ = 0;
};

}  // namespace shuke::bench
