// src/api/resources/job_json.h
#pragma once

#include "api/call.h"

namespace shuke::api {

Json job_json(const schedule::Job& job);
// 202 with the job.
http::Response accepted(const schedule::Job& job);

}  // namespace shuke::api
