// src/api/http/tls.h: the certificate as it is on disk now.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>

#include "base/error.h"

namespace shuke::api::http {

struct CertificateFiles {
    std::filesystem::path certificate, key;  // PEM; the certificate with its chain
    bool operator==(const CertificateFiles&) const = default;
};

// TLS 1.2 and 1.3. Error server.tls names the file; also when the key is not the certificate's.
Result<std::shared_ptr<boost::asio::ssl::context>> load_tls(const CertificateFiles& files);
// A log line: a new pair is not used, the former one stays.
void log_refusal(const Error& error);
// Changes when either file does.
std::int64_t stamp_of(const CertificateFiles& files);

}  // namespace shuke::api::http
