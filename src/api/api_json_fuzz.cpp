// Aim: no body crashes or stalls what reads and judges bodies. Method: the first byte chooses an operation of the declaration and
// whether the rest is JSON or NDJSON; what is refused is refused with a message, what is found wrong is named by texts that can be
// answered. Seeds: fuzz/corpus/api_json_fuzz.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "api/body_json.h"
#include "api/openapi_document.h"
#include "api/resources/rows_body.h"
#include "api/router.h"
#include "base/text.h"

namespace {

using namespace shuke::api;

void require(bool condition) {
    if (!condition) std::abort();
}

struct Bodies {
    Router router{openapi_document()};
    std::vector<const Operation*> with_body;
    Bodies() {
        for (const auto& operation : router.operations())
            if (operation->has_body && !operation->takes_raw_body) with_body.push_back(operation.get());
    }
};

void judge(const Schema& schema, const Json& value) {
    std::vector<Fault> faults;
    check(schema, value, "", faults);
    for (const auto& fault : faults) require(shuke::is_utf8(fault.pointer) && shuke::is_utf8(fault.detail));
}

void take_rows(const Operation& operation, std::string body, bool lines) {
    http::Request request;
    request.headers = {{"content-type", lines ? "application/x-ndjson" : "application/json"}};
    request.body = std::move(body);
    request.body_bytes = request.body.size();
    const auto rows = rows_of(request);
    if (!rows) return require(!rows.error().detail.empty());
    for (const auto& row : *rows) {
        const auto fault = fault_of(*operation.row, row);
        if (fault) require(shuke::is_utf8(rejected_json(0, *fault).dump()));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Bodies bodies;
    if (size == 0) return 0;
    const auto& operation = *bodies.with_body[(data[0] >> 1) % bodies.with_body.size()];
    const std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (operation.row != nullptr) {
        take_rows(operation, body, (data[0] & 1) != 0);
        return 0;
    }
    const auto json = read_json(body);
    if (!json)
        require(json.error().key == "request.json" && shuke::is_utf8(json.error().detail));
    else
        judge(*operation.body.begin()->second, *json);
    return 0;
}
