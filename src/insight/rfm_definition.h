// src/insight/rfm_definition.h: how this merchant scores customers: the settings rfm.*, as options of rfm().
#pragma once

#include <soci/soci.h>

#include "insight/rfm.h"

namespace shuke::insight {

RfmOptions rfm_definition(soci::session& session);

}  // namespace shuke::insight
