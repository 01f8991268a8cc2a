// src/live/audience_origin.h: what a Version of the audience was made of, besides the facts themselves.
#pragma once

#include <soci/soci.h>

#include <map>
#include <string>

#include "audience/config.h"
#include "audience/snapshot.h"
#include "record/shops.h"

namespace shuke::live {

audience::Config read_config(soci::session& session);

// The record, its newest change, and a fingerprint of all settings, rates and shops that went into amounts and times:
// when that differs, nothing of an older Version can be kept.
audience::SnapshotOrigin read_origin(soci::session& session);

// By which channel an identifier of which kind can be reached. Privacy numbers die with their order and reach nobody.
const std::multimap<int, std::string>& channels();

}  // namespace shuke::live
