#include "auth/permissions.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace shuke::auth {
namespace {

using enum Permission;

constexpr PermissionInfo kPermissions[] = {
    {kCustomersRead, "customers.read", "查看客户（脱敏）", "See customers, masked"},
    {kCustomersWrite, "customers.write", "修改客户资料和备注", "Change customers' attributes and notes"},
    {kCustomersReveal, "customers.reveal", "查看手机、邮箱、地址明文（留痕）", "Reveal phones, e-mails, addresses; noted"},
    {kCustomersExport, "customers.export", "导出客户", "Export customers"},
    {kCustomersErase, "customers.erase", "删除个人信息", "Erase a person's data"},
    {kIdentitiesManage, "identities.manage", "合并与拆分客户", "Merge and split customers"},
    {kSegmentsRead, "segments.read", "查看和计算人群", "See and count segments"},
    {kSegmentsWrite, "segments.write", "保存和修改人群", "Save and change segments"},
    {kTagsWrite, "tags.write", "打标签", "Give and take tags"},
    {kListsWrite, "lists.write", "管理名单", "Manage lists"},
    {kInsightRead, "insight.read", "查看分析", "See analyses"},
    {kImportsRead, "imports.read", "查看导入", "See imports"},
    {kImportsWrite, "imports.write", "导入文件", "Import files"},
    {kIngestWrite, "ingest.write", "通过接口写入订单等数据", "Write orders and other facts through the API"},
    {kSettingsRead, "settings.read", "查看设置", "See settings"},
    {kSettingsWrite, "settings.write", "修改设置", "Change settings"},
    {kUsersManage, "users.manage", "管理用户", "Manage users"},
    {kRolesManage, "roles.manage", "管理角色", "Manage roles"},
    {kApiKeysManage, "apikeys.manage", "管理接口密钥", "Manage API keys"},
    {kAuditRead, "audit.read", "查看操作日志", "Read the audit log"},
    {kJobsRead, "jobs.read", "查看任务", "See jobs"},
    {kExportsApprove, "exports.approve", "审批导出", "Approve exports"},
    {kWebhooksManage, "webhooks.manage", "管理推送来源", "Manage webhook sources"},
};

}  // namespace

std::span<const PermissionInfo> all_permissions() { return kPermissions; }

std::string_view to_string(Permission permission) { return kPermissions[static_cast<std::size_t>(permission)].name; }

std::optional<Permission> find_permission(std::string_view name) {
    for (const auto& one : kPermissions) {
        if (one.name == name) return one.permission;
    }
    return std::nullopt;
}

PermissionSet::PermissionSet(std::initializer_list<Permission> permissions) {
    for (const Permission one : permissions) add(one);
}

PermissionSet PermissionSet::all() {
    PermissionSet set;
    for (const auto& one : kPermissions) set.add(one.permission);
    return set;
}

PermissionSet PermissionSet::both(const PermissionSet& other) const {
    PermissionSet set = *this;
    set.bits_ &= other.bits_;
    return set;
}

Result<PermissionSet> PermissionSet::parse(std::string_view names) {
    PermissionSet set;
    std::string text(names);
    std::replace_if(text.begin(), text.end(), [](char c) { return c == ',' || c == '\n' || c == '\t'; }, ' ');
    for (const std::string_view name : split(text, ' ')) {
        if (name.empty()) continue;
        if (name == "admin") {
            set = all();
            continue;
        }
        const auto permission = find_permission(name);
        if (!permission) {
            std::vector<std::string_view> known;
            for (const auto& one : kPermissions) known.push_back(one.name);
            const std::string_view near = nearest(name, known);
            return fail(Code::kInvalid, "permission.unknown",
                        "there is no permission '" + std::string(cut(name, 60)) + "'" +
                            (near.empty() ? std::string() : "; did you mean " + std::string(near) + "?") +
                            " There are: " + all().names() + "; admin stands for all");
        }
        set.add(*permission);
    }
    return set;
}

std::string PermissionSet::names() const {
    std::string text;
    for (const auto& one : kPermissions) {
        if (has(one.permission)) text += (text.empty() ? "" : " ") + std::string(one.name);
    }
    return text;
}

}  // namespace shuke::auth
