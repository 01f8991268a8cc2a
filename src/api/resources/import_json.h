// src/api/resources/import_json.h
#pragma once

#include <span>

#include "api/call.h"
#include "record/imports.h"

namespace shuke::api {

Json import_json(const record::ImportEntry& one, std::span<const Shop> shops);

}  // namespace shuke::api
