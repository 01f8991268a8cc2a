// Aim: TLS whose certificate is replaced while the server runs: new connections get the new one, old ones go on, and a pair that
// cannot be used is refused with a log line while the former stays.
// Method: certificates made here; connections of libcurl that say which certificate they were shown.
#include <curl/curl.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <memory>
#include <thread>

#include "api/server_for_test.h"

namespace shuke::tests {
namespace {

namespace fs = std::filesystem;

struct Pair {
    std::string certificate, key;  // PEM
};

std::string pem(const std::function<void(BIO*)>& write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    write(out.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

Pair make_pair(const char* name) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> one(X509_new(), X509_free);
    ASN1_INTEGER_set(X509_get_serialNumber(one.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(one.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(one.get()), 86'400);
    X509_set_pubkey(one.get(), key.get());
    X509_NAME* subject = X509_get_subject_name(one.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509_set_issuer_name(one.get(), subject);
    X509_sign(one.get(), key.get(), EVP_sha256());
    return {pem([&](BIO* out) { PEM_write_bio_X509(out, one.get()); }),
            pem([&](BIO* out) { PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); })};
}

class Files {
public:
    Files() {
        std::string name = (fs::temp_directory_path() / "shuke-tls-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~Files() { fs::remove_all(folder_); }
    void put(const Pair& pair) const {
        replace(certificate(), pair.certificate);
        replace(key(), pair.key);
    }
    fs::path certificate() const { return folder_ / "cert.pem"; }
    fs::path key() const { return folder_ / "key.pem"; }

    // As those who renew certificates do: written beside it, then moved over it.
    static void replace(const fs::path& file, const std::string& text) {
        std::ofstream(file.string() + ".new") << text;
        fs::rename(file.string() + ".new", file);
    }

private:
    fs::path folder_;
};

// One connection that is kept, and the name in the certificate it was shown.
class Connection {
public:
    explicit Connection(int port) : curl_(curl_easy_init()) {
        curl_easy_setopt(curl_, CURLOPT_URL, ("https://127.0.0.1:" + std::to_string(port) + "/healthz").c_str());
        curl_easy_setopt(curl_, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(curl_, CURLOPT_SSL_VERIFYHOST, 0L);
        curl_easy_setopt(curl_, CURLOPT_CERTINFO, 1L);
        curl_easy_setopt(curl_, CURLOPT_TIMEOUT, 20L);
        curl_easy_setopt(
            curl_, CURLOPT_WRITEFUNCTION, +[](char*, std::size_t one, std::size_t many, void*) { return one * many; });
    }
    ~Connection() { curl_easy_cleanup(curl_); }

    long ask() {
        curl_easy_perform(curl_);
        long status = 0;
        curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(curl_, CURLINFO_NUM_CONNECTS, &connects_);
        curl_certinfo* shown = nullptr;
        if (connects_ > 0 && curl_easy_getinfo(curl_, CURLINFO_CERTINFO, &shown) == CURLE_OK &&
            shown->num_of_certs > 0) {
            for (const curl_slist* line = shown->certinfo[0]; line != nullptr; line = line->next)
                if (const std::string text = line->data; text.starts_with("Subject:")) subject_ = text;
        }
        return status;
    }
    bool went_on() const { return connects_ == 0; }  // the last question opened no new connection
    const std::string& subject() const { return subject_; }

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

private:
    CURL* curl_;
    long connects_ = 0;
    std::string subject_;
};

std::string name_shown(int port) {
    Connection connection(port);
    EXPECT_EQ(connection.ask(), 200);
    return connection.subject();
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Tls, ACertificateIsReplacedWhileConnectionsGoOnAndABrokenOneIsRefused) {
    const Files files;
    files.put(make_pair("first.example"));
    TestServer server({"--tls-cert", files.certificate().string(), "--tls-key", files.key().string()});
    Connection old(server.port());
    ASSERT_EQ(old.ask(), 200);
    EXPECT_TRUE(holds(old.subject(), "first.example")) << old.subject();

    files.put(make_pair("second.example"));
    for (int i = 0; i < 100 && !holds(name_shown(server.port()), "second.example"); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_TRUE(holds(name_shown(server.port()), "second.example"));
    EXPECT_EQ(old.ask(), 200);
    EXPECT_TRUE(old.went_on()) << "the old connection was not ended";

    Files::replace(files.certificate(), "this is no certificate\n");
    EXPECT_TRUE(server.says("\"event\":\"tls_refused\"")) << server.said();
    EXPECT_TRUE(holds(server.said(), files.certificate().string())) << "the log names the file";
    EXPECT_TRUE(holds(name_shown(server.port()), "second.example")) << "the former one stays";

    // The key of another certificate is no better.
    files.put({make_pair("third.example").certificate, make_pair("fourth.example").key});
    EXPECT_TRUE(server.says("it is not the key of the certificate") || server.says("key values mismatch"))
        << server.said();
    EXPECT_TRUE(holds(name_shown(server.port()), "second.example"));

    files.put(make_pair("fifth.example"));
    for (int i = 0; i < 100 && !holds(name_shown(server.port()), "fifth.example"); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_TRUE(holds(name_shown(server.port()), "fifth.example"));
}

TEST(Tls, SessionsOverTlsHaveSecureCookies) {
    const Files files;
    files.put(make_pair("shop.example"));
    TestServer server({"--tls-cert", files.certificate().string(), "--tls-key", files.key().string()});
    server.user("ann", "analyst");
    const auto answer =
        server.send("POST", "/api/v1/session", Json{{"name", "ann"}, {"password", TestServer::kPassword}}.dump(),
                    {"Content-Type: application/json"});
    ASSERT_EQ(answer.status, 200) << answer.body;
    const std::string cookie = answer.headers.at("set-cookie");
    for (const char* flag : {"; HttpOnly", "; SameSite=Strict", "; Secure", "; Path=/"})
        EXPECT_TRUE(holds(cookie, flag)) << cookie;
    EXPECT_TRUE(answer.headers.contains("strict-transport-security"));
}

}  // namespace
}  // namespace shuke::tests
