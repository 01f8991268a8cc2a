#include "api/http/tls.h"

#include <openssl/ssl.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

namespace shuke::api::http {

namespace ssl = boost::asio::ssl;
namespace fs = std::filesystem;

Result<std::shared_ptr<ssl::context>> load_tls(const CertificateFiles& files) {
    const auto failed = [](const fs::path& file, const std::string& why) {
        return fail(Code::kInvalid, "server.tls",
                    "cannot use " + file.string() + " for TLS: " + why +
                        "; expected a PEM certificate with its chain, and its PEM key without passphrase");
    };
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    boost::system::error_code problem;
    context->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1,
                         problem);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    context->use_certificate_chain_file(files.certificate.string(), problem);
    if (problem) return failed(files.certificate, problem.message());
    context->use_private_key_file(files.key.string(), ssl::context::pem, problem);
    if (problem) return failed(files.key, problem.message());
    if (SSL_CTX_check_private_key(context->native_handle()) != 1)
        return failed(files.key, "it is not the key of the certificate");
    return context;
}

void log_refusal(const Error& error) {
    spdlog::error(nlohmann::json{{"event", "tls_refused"}, {"key", error.key}, {"detail", error.detail}}.dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace));
}

std::int64_t stamp_of(const CertificateFiles& files) {
    std::int64_t stamp = 0;
    for (const auto* file : {&files.certificate, &files.key}) {
        std::error_code missing;
        const auto time = fs::last_write_time(*file, missing);
        if (!missing) stamp = stamp * 31 + time.time_since_epoch().count();
    }
    return stamp;
}

}  // namespace shuke::api::http
