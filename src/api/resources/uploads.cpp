#include "api/resources/uploads.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <memory>
#include <mutex>
#include <set>

#include "api/http/body_sink.h"
#include "api/resources.h"
#include "base/crypto.h"
#include "base/text.h"

namespace shuke::api {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const Services& at) { return at.folder / "uploads"; }

bool is_id(const std::string& text) {
    return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// Files that are being appended to now: two parts at once would write over each other.
class Appending {
public:
    // Nothing while somebody else holds it.
    static std::shared_ptr<void> claim(const fs::path& file) {
        static Appending all;
        const std::lock_guard lock(all.mutex_);
        if (!all.files_.insert(file).second) return nullptr;
        return {new fs::path(file), [](const fs::path* held) {
                    const std::unique_ptr<const fs::path> owned(held);
                    const std::lock_guard letting_go(all.mutex_);
                    all.files_.erase(*owned);
                }};
    }

private:
    std::mutex mutex_;
    std::set<fs::path> files_;
};

std::string sha256_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    std::vector<char> piece(1 << 20);
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0)
        EVP_DigestUpdate(context.get(), piece.data(), static_cast<std::size_t>(in.gcount()));
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), &size);
    std::string text;
    for (const char c : digest.substr(0, size)) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return text;
}

// When all has come: it must be what was announced, or the client begins anew.
Status check_sum(const Upload& upload) {
    if (upload.sha256.empty() || upload.offset != upload.size || sha256_of(upload.file) == upload.sha256) return {};
    std::error_code ignored;
    fs::resize_file(upload.file, 0, ignored);
    return fail(Code::kConflict, "upload.checksum",
                "what came is not what was announced (SHA-256 differs); send the file again from its beginning");
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
    const auto size = call.body.at("size").get<std::uint64_t>();
    const auto space = fs::space(folder, problem);
    if (!problem && space.available < size)
        return fail(Code::kUnavailable, "upload.no_space",
                    "the disk of the data folder has not enough room for this file");
    const std::string id = random_name();
    // The name is for people only, and never becomes a path.
    const Json about{{"filename", fs::path(call.text("filename")).filename().string()},
                     {"size", size},
                     {"sha256", fold(call.text("sha256"))},
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
    if (auto right = check_sum(*upload); !right) return std::unexpected(right.error());
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
    upload.sha256 = about.value("sha256", "");
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
    auto upload = find_upload(at, who, id);
    if (!upload) return std::unexpected(upload.error());
    http::BodyPlan plan;
    plan.held = Appending::claim(upload->file);
    if (!plan.held)
        return fail(Code::kConflict, "upload.busy",
                    "another part of this file is coming right now; ask for the offset when it has ended");
    upload = find_upload(at, who, id);  // how far it is now that nobody else appends
    if (!upload) return std::unexpected(upload.error());
    const auto offset = offset_of(request);
    if (!offset || *offset != upload->offset)
        return fail(Code::kConflict, "upload.offset",
                    "the next part begins at " + std::to_string(upload->offset) + "; say so in Upload-Offset");
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
