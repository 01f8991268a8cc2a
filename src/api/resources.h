// src/api/resources.h: one function a file of resources/, each adds the handlers of its operations.
#pragma once

#include "api/call.h"

namespace shuke::api {

void add_session(Handlers& handlers);
void add_customers(Handlers& handlers);
void add_timeline(Handlers& handlers);
void add_identities(Handlers& handlers);
void add_person_rights(Handlers& handlers);
void add_exports(Handlers& handlers);
void add_orders(Handlers& handlers);
void add_ingest(Handlers& handlers);
void add_webhooks(Handlers& handlers);
void add_segment_questions(Handlers& handlers);
void add_expression_editor(Handlers& handlers);
void add_saved_segments(Handlers& handlers);
void add_tags(Handlers& handlers);
void add_lists(Handlers& handlers);
void add_insight(Handlers& handlers);
void add_today(Handlers& handlers);
void add_uploads(Handlers& handlers);
void add_imports(Handlers& handlers);
void add_jobs(Handlers& handlers);
void add_settings(Handlers& handlers);
void add_access(Handlers& handlers);
void add_system(Handlers& handlers);

// The number in `cursor`; 0: the first page. Error request.cursor.
Result<std::int64_t> number_cursor(const Call& call);

}  // namespace shuke::api
