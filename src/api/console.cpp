#include "api/console.h"

#include "api/http/gzip.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/crypto.h"

namespace shuke::api {
namespace {

constexpr std::string_view kNoConsole =
    "<!doctype html><meta charset=\"utf-8\"><title>Shuke</title><p>This Shuke was built without its console. Build it "
    "with "
    "<code>npm ci &amp;&amp; npm run build</code> in <code>web/</code>, then build Shuke "
    "again.</p><p>本程序未包含控制台。</p>";

std::string_view type_of(std::string_view path) {
    struct Type {
        std::string_view ending, type;
    };
    constexpr Type kTypes[] = {{".html", "text/html; charset=utf-8"},
                               {".js", "text/javascript; charset=utf-8"},
                               {".css", "text/css; charset=utf-8"},
                               {".json", "application/json"},
                               {".svg", "image/svg+xml"},
                               {".png", "image/png"},
                               {".ico", "image/x-icon"},
                               {".woff2", "font/woff2"},
                               {".map", "application/json"},
                               {".txt", "text/plain; charset=utf-8"},
                               {".webmanifest", "application/manifest+json"}};
    for (const auto& one : kTypes) {
        if (path.ends_with(one.ending)) return one.type;
    }
    return "application/octet-stream";
}

const ConsoleFile* find(std::string_view path) {
    for (const auto& file : console_files()) {
        if (file.path == path) return &file;
    }
    return nullptr;
}

// Styles carry a nonce, since component libraries write them at run time; scripts come from our files alone.
std::string policy(const std::string& nonce) {
    return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce +
           "'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
           "worker-src 'self' "
           "blob:; manifest-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

// The page says where it lives and which nonce its styles carry.
http::Response first_page(std::string html, const std::string& base_path) {
    const std::string nonce = random_name();
    replace_all(html, "__BASE_PATH__", base_path + "/");
    replace_all(html, "__CSP_NONCE__", nonce);
    http::Response response;
    response.content_type = "text/html; charset=utf-8";
    response.body = std::move(html);
    response.set("Content-Security-Policy", policy(nonce));
    response.set("Cache-Control", "no-store");
    response.set("ETag", "\"" + nonce + "\"");
    return response;
}

}  // namespace

http::Response console_file(const http::Request& request, const std::string& path, const std::string& base_path) {
    const auto decoded = percent_decoded(std::string_view(path).substr(1), false);
    if (!decoded) return problem(400, "request.malformed", "this address is not well-formed", request);
    const std::string wanted = decoded->empty() ? "index.html" : *decoded;
    if (console_files().empty()) {
        if (wanted != "index.html") return problem(404, "request.no_such_path", "there is nothing here", request);
        return first_page(std::string(kNoConsole), base_path);
    }
    const ConsoleFile* file = find(wanted);
    // An address of the console's own pages; what looks like a file is none.
    const bool looks_like_file = wanted.find('.') != std::string::npos || wanted.starts_with("assets/");
    if (file == nullptr && looks_like_file)
        return problem(404, "request.no_such_path", "there is nothing here", request);
    if (file == nullptr || wanted == "index.html") {
        const ConsoleFile* index = find("index.html");
        if (index == nullptr) return problem(404, "request.no_such_path", "there is nothing here", request);
        return first_page(std::string(index->plain), base_path);
    }
    http::Response response;
    response.content_type = type_of(wanted);
    const auto accepted = request.header("accept-encoding");
    response.set("Vary", "Accept-Encoding");
    if (!file->brotli.empty() && http::accepts(accepted, "br")) {
        response.body = file->brotli;
        response.set("Content-Encoding", "br");
    } else if (!file->gzip.empty() && http::accepts(accepted, "gzip")) {
        response.body = file->gzip;
        response.set("Content-Encoding", "gzip");
    } else {
        response.body = file->plain;
    }
    // Names of assets hold a hash of what is in them.
    response.set("Cache-Control", wanted.starts_with("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    return response;
}

}  // namespace shuke::api
