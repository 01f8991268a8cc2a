// Precompiled for src/app: also the two heavy headers that nearly every subcommand uses.
#pragma once

#include <soci/soci.h>

#include <nlohmann/json.hpp>

#include "pch.h"
