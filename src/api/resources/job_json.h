// src/api/resources/job_json.h
#pragma once

#include "api/call.h"

namespace shuke::api {

// `chinese`: why it failed is said in Chinese.
Json job_json(const schedule::Job& job, bool chinese = false);
// 202 with the job.
http::Response accepted(const schedule::Job& job);

}  // namespace shuke::api
