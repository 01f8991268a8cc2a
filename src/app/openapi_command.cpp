// src/app/openapi_command.cpp: shuke openapi, from which the console's typed client is generated.
#include <nlohmann/json.hpp>

#include "api/openapi_document.h"
#include "app/commands.h"

namespace shuke::app {

Status print_openapi() {
    print_json(api::openapi_document());
    return {};
}

}  // namespace shuke::app
