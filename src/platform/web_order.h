// src/platform/web_order.h: what the readers of the web shops' orders have in common. For this folder.
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "platform/webhook.h"

namespace shuke::platform {

using WebJson = nlohmann::json;

WebOrder shopify_order(const WebJson& order);
WebOrder woocommerce_order(const WebJson& order);

// The text of a member, however it is spelt; "" where it is null or absent.
std::string text(const WebJson& from, const char* name);
// A member that is an object; an empty one where it is not.
const WebJson& part(const WebJson& from, const char* name);
// A member that is a list; an empty one where it is not.
const WebJson& list(const WebJson& from, const char* name);
std::string first_of(std::initializer_list<std::string> texts);
std::string joined(const std::string& a, const std::string& b);  // "Jon Doe"
// Decimals as they come, added without loss, each without its sign: "10.00" + "-2.5" is "12.500000"; "" for nothing.
std::string sum(const std::vector<std::string>& amounts);

}  // namespace shuke::platform
