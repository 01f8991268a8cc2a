#include "api/resources.h"

#include "api/service.h"

namespace shuke::api {

void add_resources(Handlers& handlers) {
    add_session(handlers);
    add_customers(handlers);
    add_timeline(handlers);
    add_identities(handlers);
    add_person_rights(handlers);
    add_exports(handlers);
    add_orders(handlers);
    add_ingest(handlers);
    add_webhooks(handlers);
    add_segment_questions(handlers);
    add_expression_editor(handlers);
    add_saved_segments(handlers);
    add_tags(handlers);
    add_lists(handlers);
    add_insight(handlers);
    add_today(handlers);
    add_uploads(handlers);
    add_imports(handlers);
    add_jobs(handlers);
    add_settings(handlers);
    add_access(handlers);
    add_system(handlers);
}

}  // namespace shuke::api
