#include "api/resources/uploads.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <fstream>

#include "api/http/body_sink.h"
#include "api/resources.h"
#include "base/crypto.h"

namespace shuke::api {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const Services& at) { return at.folder / "uploads"; }

bool is_id(const std::string& text) {
    return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void tidy(const fs::path& folder) {
    std::error_code ignored;
    const auto week_ago = fs::file_time_type::clock::now() - std::chrono::hours(7 * 24);
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.last_write_time(ignored) < week_ago) fs::remove(entry.path(), ignored);
    }
}

Json upload_json(const Upload& one) {
    return {{"id", one.id},
            {"filename", one.filename},
            {"size", one.size},
            {"offset", one.offset},
            {"created_at", instant_json(one.created_at)},
            {"complete", one.offset == one.size}};
}

Reply create_upload(Call& call) {
    const fs::path folder = folder_of(call.at);
    std::error_code problem;
    fs::create_directories(folder, problem);
    fs::permissions(folder, fs::perms::owner_all, problem);
    tidy(folder);
    const auto size = call.body.at("size").get<std::uint64_t>();
    const auto space = fs::space(folder, problem);
    if (!problem && space.available < size)
        return fail(Code::kUnavailable, "upload.no_space",
                    "the disk of the data folder has not enough room for this file");
    const std::string id = random_name();
    // The name is for people only, and never becomes a path.
    const Json about{{"filename", fs::path(call.text("filename")).filename().string()},
                     {"size", size},
                     {"owner", call.who.actor()},
                     {"created_at", call.at.clock.now().us_since_epoch}};
    std::ofstream(folder / (id + ".json")) << about.dump(-1, ' ', false, Json::error_handler_t::replace);
    std::ofstream part(folder / (id + ".part"), std::ios::binary);
    if (!part) return fail(Code::kUnavailable, "file.unwritable", "the data folder cannot be written");
    const auto upload = find_upload(call.at, call.who, id);
    if (!upload) return std::unexpected(upload.error());
    return json(upload_json(*upload), 201);
}

Reply get_upload(Call& call) {
    const auto upload = find_upload(call.at, call.who, call.path.at("id"));
    if (!upload) return std::unexpected(upload.error());
    return json(upload_json(*upload));
}

Reply head_upload(Call& call) {
    const auto upload = find_upload(call.at, call.who, call.path.at("id"));
    if (!upload) return std::unexpected(upload.error());
    auto response = no_content();
    response.set("Upload-Offset", std::to_string(upload->offset));
    response.set("Upload-Length", std::to_string(upload->size));
    return response;
}

std::optional<std::uint64_t> offset_of(const http::Request& request) {
    const auto text = request.header("upload-offset");
    std::uint64_t offset = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), offset);
    if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return offset;
}

// A large part is in its file already; a small one came in memory.
Reply append_upload(Call& call) {
    const std::string id = call.path.at("id");
    auto upload = find_upload(call.at, call.who, id);
    if (!upload) return std::unexpected(upload.error());
    if (!call.request.body.empty()) {
        const auto plan = plan_part(call.at, call.who, id, call.request);
        if (!plan) return std::unexpected(plan.error());
        if (plan->refusal) return *plan->refusal;
        http::BodySink sink(*plan, {}, 0);
        if (!sink.add(call.request.body.data(), call.request.body.size()) || sink.is_over())
            return fail(Code::kInvalid, "upload.too_much", "this part goes beyond the size that was announced");
        upload = find_upload(call.at, call.who, id);
        if (!upload) return std::unexpected(upload.error());
    }
    auto response = json(upload_json(*upload));
    response.set("Upload-Offset", std::to_string(upload->offset));
    return response;
}

Reply delete_upload(Call& call) {
    const auto upload = find_upload(call.at, call.who, call.path.at("id"));
    if (!upload) return std::unexpected(upload.error());
    remove_upload(*upload);
    return no_content();
}

}  // namespace

Result<Upload> find_upload(const Services& at, const Caller& who, const std::string& id) {
    const auto unknown =
        fail(Code::kNotFound, "upload.unknown", "there is no such upload; announce the file with POST /uploads");
    if (!is_id(id)) return unknown;
    Upload upload;
    upload.id = id;
    upload.file = folder_of(at) / (id + ".part");
    std::ifstream in(folder_of(at) / (id + ".json"));
    const Json about = Json::parse(in, nullptr, false);
    std::error_code missing;
    upload.offset = fs::file_size(upload.file, missing);
    if (about.is_discarded() || missing) return unknown;
    upload.filename = about.at("filename");
    upload.owner = about.at("owner");
    upload.size = about.at("size");
    upload.created_at = Instant{about.at("created_at").get<std::int64_t>()};
    if (upload.owner != who.actor()) return unknown;
    return upload;
}

Result<Upload> whole_upload(const Services& at, const Caller& who, const std::string& id) {
    auto upload = find_upload(at, who, id);
    if (upload && upload->offset != upload->size)
        return fail(Code::kConflict, "upload.incomplete",
                    "only " + std::to_string(upload->offset) + " of " + std::to_string(upload->size) +
                        " bytes have come; send the rest first");
    return upload;
}

void remove_upload(const Upload& upload) {
    std::error_code ignored;
    fs::remove(upload.file, ignored);
    fs::remove(fs::path(upload.file).replace_extension(".json"), ignored);
}

Result<http::BodyPlan> plan_part(const Services& at, const Caller& who, const std::string& id,
                                 const http::Request& request) {
    const auto upload = find_upload(at, who, id);
    if (!upload) return std::unexpected(upload.error());
    const auto offset = offset_of(request);
    if (!offset || *offset != upload->offset)
        return fail(Code::kConflict, "upload.offset",
                    "the next part begins at " + std::to_string(upload->offset) + "; say so in Upload-Offset");
    http::BodyPlan plan;
    plan.file = upload->file;
    plan.offset = upload->offset;
    plan.max_bytes = upload->size - upload->offset;
    return plan;
}

void add_uploads(Handlers& handlers) {
    handlers.add("create_upload", create_upload);
    handlers.add("get_upload", get_upload);
    handlers.add("head_upload", head_upload);
    handlers.add("append_upload", append_upload);
    handlers.add("delete_upload", delete_upload);
}

}  // namespace shuke::api
