// Precompiled for every test executable.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "pch.h"
