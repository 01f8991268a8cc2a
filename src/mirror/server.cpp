#include "mirror/server.h"

#include <curl/curl.h>

#include <cstdlib>
#include <memory>
#include <vector>

#include "base/check.h"
#include "base/text.h"

namespace shuke::mirror {
namespace {

constexpr long kConnectSeconds = 10;
constexpr std::size_t kLongestMessage = 800;
constexpr std::size_t kPlainQueryBytes = 200'000;  // ClickHouse reads 262,144 bytes of a query unless told otherwise

struct FreeCurl {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
    void operator()(char* text) const { curl_free(text); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeCurl>;

std::string escaped(std::string_view text) {
    const Owned<char> escaped(curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())));
    return escaped ? escaped.get() : "";
}
std::string unescaped(std::string_view text) {
    int length = 0;
    const Owned<char> plain(curl_easy_unescape(nullptr, text.data(), static_cast<int>(text.size()), &length));
    return plain ? std::string(plain.get(), static_cast<std::size_t>(length)) : "";
}

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
    const Owned<char> owned(text);
    return text;
}

std::unexpected<Error> wrong_url(const std::string& why) {
    return fail(Code::kInvalid, "clickhouse.url",
                "this is no URL of a ClickHouse server: " + why +
                    "; expected http://[user:password@]host[:8123]/[?database=NAME]");
}

std::size_t append_bytes(char* bytes, std::size_t size, std::size_t count, void* out) {
    static_cast<std::string*>(out)->append(bytes, size * count);
    return size * count;
}

}  // namespace

Result<Server> Server::at(const std::string& text) {
    const Owned<CURLU> url(curl_url());
    if (text.empty()) return wrong_url("there is none; give --url or set SHUKE_CLICKHOUSE");
    if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
        return wrong_url("it cannot be read");
    Server server;
    server.scheme_ = part_of(url.get(), CURLUPART_SCHEME);
    if (server.scheme_ != "http" && server.scheme_ != "https")
        return wrong_url("found '" + server.scheme_ + "', expected http or https");
    server.host_ = part_of(url.get(), CURLUPART_HOST);
    server.port_ = part_of(url.get(), CURLUPART_PORT);
    if (server.port_.empty()) server.port_ = server.scheme_ == "https" ? "8443" : "8123";
    server.user_ = part_of(url.get(), CURLUPART_USER, CURLU_URLDECODE);
    server.password_ = part_of(url.get(), CURLUPART_PASSWORD, CURLU_URLDECODE);
    server.database_ = "default";
    const std::string parameters = part_of(url.get(), CURLUPART_QUERY);
    for (const std::string_view parameter : split(parameters, '&')) {
        const std::size_t equals = parameter.find('=');
        const std::string_view name = parameter.substr(0, equals);
        if (name == "database" && equals != parameter.npos) {
            server.database_ = unescaped(parameter.substr(equals + 1));
        } else if (!name.empty()) {
            return wrong_url("the parameter '" + std::string(name) + "' is not known; there is: database");
        }
    }
    return server;
}

std::string Server::place() const { return scheme_ + "://" + host_ + ":" + port_ + ", database " + database_; }

Server Server::on(const std::string& host) const {
    Server other = *this;
    const bool is_v6 = host.find(':') != std::string::npos && !host.starts_with('[');
    other.host_ = is_v6 ? "[" + host + "]" : host;
    return other;
}

Result<std::string> Server::ask(const std::string& statement, std::string_view settings) const {
    std::string parameters(settings);
    if (statement.size() > kPlainQueryBytes)
        parameters += "&max_query_size=" + std::to_string(statement.size() + kPlainQueryBytes);
    return send({parameters, statement});
}

Status Server::run(const std::string& statement) const {
    auto done = ask(statement);
    if (!done) return std::unexpected(done.error());
    return {};
}

Status Server::insert(std::string_view table, const std::string& rows, std::string_view format) const {
    const std::string into = "INSERT INTO " + std::string(table) + " FORMAT " + std::string(format);
    auto done = send({"&insert_distributed_sync=1&query=" + escaped(into), rows});
    if (!done) return std::unexpected(done.error());
    return {};
}

Result<std::string> Server::send(const Request& request) const {
    const Owned<CURL> curl(curl_easy_init());
    SHUKE_CHECK(curl != nullptr, "libcurl does not start");
    const std::string url = scheme_ + "://" + host_ + ":" + port_ +
                            "/?wait_end_of_query=1&database=" + escaped(database_) + request.parameters;
    std::string answer;
    const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(curl.get(), option, value); };
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_NOPROXY, "*");
    set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.data());
    if (!user_.empty()) {
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        set(CURLOPT_USERNAME, user_.c_str());
        set(CURLOPT_PASSWORD, password_.c_str());
    }
    set(CURLOPT_WRITEFUNCTION, &append_bytes);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&answer));
    // Bytes, not a form; and no waiting for "100 Continue".
    curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/octet-stream");
    headers = curl_slist_append(headers, "Expect:");
    set(CURLOPT_HTTPHEADER, headers);
    const CURLcode outcome = curl_easy_perform(curl.get());
    curl_slist_free_all(headers);
    if (outcome != CURLE_OK) {
        return fail(Code::kUnavailable, "clickhouse.unreachable",
                    "no answer from ClickHouse at " + place() + ": " + curl_easy_strerror(outcome) +
                        "; is the server running, and is this its HTTP port?");
    }
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status == 200) return answer;
    return fail(Code::kUnavailable, "clickhouse.refused",
                "ClickHouse at " + place() + " answered " + std::to_string(status) + ": " +
                    std::string(cut(trim(answer), kLongestMessage)));
}

}  // namespace shuke::mirror
