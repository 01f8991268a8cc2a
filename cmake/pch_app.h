// Precompiled for src/app: also the two heavy headers that nearly every subcommand uses.
#pragma once

#include "pch.h"

#include <nlohmann/json.hpp>
#include <soci/soci.h>
