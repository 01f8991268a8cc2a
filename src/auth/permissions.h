// src/auth/permissions.h
//
// What a user or key may do. The names are the public ones: of roles, of the scopes of keys and of the API's
// x-permission. A new permission is one line of the list.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace shuke::auth {

enum class Permission : std::uint8_t {
    kCustomersRead,
    kCustomersWrite,
    kCustomersReveal,
    kCustomersExport,
    kCustomersErase,
    kIdentitiesManage,
    kSegmentsRead,
    kSegmentsWrite,
    kTagsWrite,
    kListsWrite,
    kInsightRead,
    kImportsRead,
    kImportsWrite,
    kIngestWrite,
    kSettingsRead,
    kSettingsWrite,
    kUsersManage,
    kRolesManage,
    kApiKeysManage,
    kAuditRead,
    kJobsRead,
    kExportsApprove,
    kWebhooksManage,
};

struct PermissionInfo {
    Permission permission;
    std::string_view name;              // "customers.reveal"
    std::string_view chinese, english;  // what it allows, for the console
};
std::span<const PermissionInfo> all_permissions();

std::string_view to_string(Permission permission);
std::optional<Permission> find_permission(std::string_view name);

class PermissionSet {
public:
    PermissionSet() = default;
    PermissionSet(std::initializer_list<Permission> permissions);
    static PermissionSet all();
    // Names separated by blanks or commas; "admin" stands for all. Error permission.unknown suggests the nearest name.
    static Result<PermissionSet> parse(std::string_view names);

    bool has(Permission permission) const { return bits_.test(static_cast<std::size_t>(permission)); }
    bool contains(const PermissionSet& other) const { return (other.bits_ & ~bits_).none(); }
    bool empty() const { return bits_.none(); }
    void add(Permission permission) { bits_.set(static_cast<std::size_t>(permission)); }
    std::string names() const;  // separated by blanks, in the order of the list
    bool operator==(const PermissionSet&) const = default;

private:
    std::bitset<64> bits_;
};

}  // namespace shuke::auth
