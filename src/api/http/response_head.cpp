#include "api/http/response_head.h"

#include <ctime>

namespace shuke::api::http {
namespace {

std::string http_date() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[40];
    const std::size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text, size};
}

void add(std::string& head, std::string_view name, std::string_view value) {
    head += name;
    head += ": ";
    for (const char c : value) head += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    head += "\r\n";
}

}  // namespace

std::string_view reason_of(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 206: return "Partial Content";
        case 302: return "Found";
        case 304: return "Not Modified";
        case 308: return "Permanent Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 417: return "Expectation Failed";
        case 422: return "Unprocessable Content";
        case 428: return "Precondition Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 503: return "Service Unavailable";
        case 507: return "Insufficient Storage";
        default: return "Status";
    }
}

std::string response_head(const Response& response, const HeadOptions& options) {
    std::string head = options.http_1_0 ? "HTTP/1.0 " : "HTTP/1.1 ";
    head += std::to_string(response.status);
    head += ' ';
    head += reason_of(response.status);
    head += "\r\n";
    add(head, "Date", http_date());
    if (!response.content_type.empty()) add(head, "Content-Type", response.content_type);
    for (const auto& [name, value] : response.headers) add(head, name, value);
    const bool has_body = response.status != 204 && response.status != 304;
    if (has_body && options.content_length) add(head, "Content-Length", std::to_string(*options.content_length));
    if (has_body && !options.content_length && !options.http_1_0) add(head, "Transfer-Encoding", "chunked");
    add(head, "Connection", options.keep_alive ? "keep-alive" : "close");
    head += "\r\n";
    return head;
}

}  // namespace shuke::api::http
