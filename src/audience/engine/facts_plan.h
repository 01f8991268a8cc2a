// src/audience/engine/facts_plan.h
//
// FACTS [where …] [WINDOW], compiled: which rows of a block exist as of the instant and pass.
//
// Threads  immutable; one BlockRun a worker.
#pragma once

#include "audience/engine/row_plan.h"
#include "audience/expression/bound.h"

namespace shuke::audience {

struct FactsPlan {
    Level level = Level::kOrder;
    RowPlan own;            // about the rows themselves; refunds keep what is about their order in here too
    RowPlan of_order;       // lines: about their order, its existence apart
    bool windowed = false;  // a window on the fact's own time: passing rows exist for certain

    // Bits of the passing rows in the run's temporary memory; null when there are none. Those of slots outside of `who`
    // may be among them or not.
    const Word* select(BlockRun& run, const SlotBits& who) const;
    int cost() const;

private:
    const Word* select_rows(BlockRun& run, const SlotBits& who) const;
};

FactsPlan compile_facts(const bound::Facts& facts, const PlanContext& context);
FactsPlan kept_orders_plan();  // orders where kept
FactsPlan all_rows_plan(Level level);
// The same rows, those without a known field left out.
void require_known(FactsPlan& plan, FieldKey field, const PlanContext& context);

Level level_of(FactKind fact);

}  // namespace shuke::audience
