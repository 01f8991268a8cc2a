// src/record/shipments.h: parcels on their way; what carriers report of each moves its moments.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "record/events.h"

namespace shuke::record {

struct Shipment {
    EventHead head = {};
    std::string carrier = {}, tracking_no = {};  // together known once
    std::string issue = {};                      // what is wrong: late, stuck, lost, disputed …
    Instant promised_at = kNever;
    Instant picked_up_at = kNever, arrived_at = kNever, delivering_at = kNever, problem_at = kNever, signed_at = kNever,
            returned_at = kNever;
};

// New ones (head.id 0) get an id, known ones are replaced. Inside a write transaction; stamps whose they are.
void put_shipments(soci::session& session, std::vector<Shipment>& shipments);

}  // namespace shuke::record
