// Aim: an import that is cancelled stops soon, says so, keeps what it had written, and the same file again completes it.
// Method: a file of some seconds, cancelled as soon as its job is there; the customers counted before and after.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "api/merchant_file.h"
#include "api/server_for_test.h"

namespace shuke::tests {
namespace {

class CancelledImport : public ::testing::Test {
protected:
    Answer call(const std::string& method, const std::string& path, const std::string& body = {}) {
        return server_.send(method, path, body, {"Authorization: Bearer " + key_, "Content-Type: application/json"});
    }
    std::string upload(const std::string& bytes) {
        const auto made =
            call("POST", "/api/v1/uploads", Json{{"filename", "orders.csv"}, {"size", bytes.size()}}.dump());
        const std::string id = made.json().at("id");
        const auto sent = server_.send(
            "PATCH", "/api/v1/uploads/" + id, bytes,
            {"Authorization: Bearer " + key_, "Content-Type: application/octet-stream", "Upload-Offset: 0"});
        EXPECT_LT(sent.status, 300) << sent.body;
        return id;
    }
    Answer start_import(const std::string& upload) {
        return call("POST", "/api/v1/imports", Json{{"upload_id", upload}, {"format", "native"}}.dump());
    }

    TestServer server_;
    const std::string key_ = server_.key("admin");
};

TEST_F(CancelledImport, StopsAndIsCompletedByTheSameFileAgain) {
    const auto file = server_.folder() / "merchant.csv";
    const MerchantFile merchant = write_merchant({.customers = 100'000, .until = 1'700'000'000, .seed = 3}, file);
    std::ostringstream bytes;
    bytes << std::ifstream(file, std::ios::binary).rdbuf();

    const auto accepted = start_import(upload(bytes.str()));
    ASSERT_EQ(accepted.status, 202) << accepted.body;
    const auto id = accepted.json().at("job").at("id").get<std::int64_t>();
    const auto cancelled = call("DELETE", "/api/v1/jobs/" + std::to_string(id));
    ASSERT_LT(cancelled.status, 300) << cancelled.body;
    const Json job = server_.job_of(accepted, key_);
    EXPECT_EQ(job.at("state"), "cancelled") << job.dump();

    const Json again = server_.job_of(start_import(upload(bytes.str())), key_);
    EXPECT_EQ(again.at("state"), "done") << again.dump();
    const Json& result = again.at("result");
    EXPECT_EQ(result.at("imported").get<std::int64_t>() + result.at("unchanged").get<std::int64_t>(), merchant.lines)
        << again.dump();
}

}  // namespace
}  // namespace shuke::tests
