// src/api/resources/rfm_table.h: the RFM table of all customers, kept for a minute, since every customer's page asks for it.
#pragma once

#include <memory>

#include "api/resources/question.h"
#include "insight/rfm.h"

namespace shuke::api {

Result<std::shared_ptr<const insight::RfmResult>> rfm_table(Call& call, const Question& question);

}  // namespace shuke::api
