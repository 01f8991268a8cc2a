// Aim: a file of any size comes in parts, and whatever breaks off on the way is gone on with; nothing that came twice, from elsewhere or
// changed gets into it.
// Method: parts of chosen sizes, bytes as they are for those that break off, and what the preview reads afterwards.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "api/server_for_test.h"

namespace shuke::tests {
namespace {

constexpr std::size_t kPiece = 64 * 1024;  // written at a time
constexpr std::size_t kLarge = 3 << 20;    // goes to its file while it comes

class Uploads : public ::testing::Test {
protected:
    static TestServer& server() {
        static TestServer server;
        return server;
    }
    static const std::string& key() {
        static const std::string key = server().key("imports.write");
        return key;
    }
    static Answer call(const std::string& method, const std::string& path, const std::string& body = {},
                       const std::string& type = "application/json") {
        return server().send(method, path, body, {"Authorization: Bearer " + key(), "Content-Type: " + type});
    }
    static std::string announce(std::size_t size, const std::string& sha256 = {}) {
        Json body{{"filename", "orders.csv"}, {"size", size}};
        if (!sha256.empty()) body["sha256"] = sha256;
        const auto made = call("POST", "/api/v1/uploads", body.dump());
        EXPECT_EQ(made.status, 201) << made.body;
        return made.json().at("id");
    }
    static Answer append(const std::string& id, std::size_t offset, const std::string& part) {
        return server().send("PATCH", "/api/v1/uploads/" + id, part,
                             {"Authorization: Bearer " + key(), "Content-Type: application/octet-stream",
                              "Upload-Offset: " + std::to_string(offset)});
    }
    static std::size_t offset_of(const std::string& id) {
        const auto head = server().send("HEAD", "/api/v1/uploads/" + id, "", {"Authorization: Bearer " + key()});
        return head.status == 204 || head.status == 200 ? std::stoul(head.headers.at("upload-offset")) : 999'999'999;
    }
    static void expect_key(const Answer& answer, int status, const char* key) {
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_EQ(answer.json().value("key", ""), key) << answer.body;
    }
    // A connection that has sent the head of a part and some of it.
    static int begin_part(const std::string& id, std::size_t offset, std::size_t announced, const std::string& some) {
        const int socket = server().connect();
        const std::string head =
            "PATCH /api/v1/uploads/" + id + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + key() +
            "\r\nContent-Type: application/octet-stream\r\nUpload-Offset: " + std::to_string(offset) +
            "\r\nContent-Length: " + std::to_string(announced) + "\r\n\r\n";
        EXPECT_EQ(::send(socket, head.data(), head.size(), MSG_NOSIGNAL), static_cast<ssize_t>(head.size()));
        for (std::size_t sent = 0; sent < some.size();) {
            const ssize_t size = ::send(socket, some.data() + sent, some.size() - sent, MSG_NOSIGNAL);
            if (size <= 0) break;
            sent += static_cast<std::size_t>(size);
        }
        return socket;
    }
};

std::string csv_of(std::size_t bytes) {
    std::string text = "order_no,paid_at,amount,currency,quantity\n";
    for (std::size_t i = 1; text.size() + 40 < bytes; ++i) text += "o" + std::to_string(i) + ",2026-01-02,1.00,CNY,1\n";
    return text + std::string(bytes - text.size() - 1, ' ') + "\n";
}

TEST_F(Uploads, WhatBrokeOffInTheMiddleIsGoneOnWith) {
    const std::string file = csv_of(2 * kLarge);
    const std::string id = announce(file.size());
    const int socket = begin_part(id, 0, file.size(), file.substr(0, kLarge));
    std::size_t offset = 0;
    for (int i = 0; i < 200 && offset + kPiece < kLarge; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
        offset = offset_of(id);
    }
    EXPECT_GE(offset + kPiece, kLarge) << "what has come is there while the part still comes";
    ::close(socket);  // the network is gone
    Answer rest;
    for (int i = 0; i < 200 && rest.status != 200; ++i) {
        rest = append(id, offset_of(id), file.substr(offset_of(id)));
        if (rest.status != 200) std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    EXPECT_EQ(rest.status, 200) << rest.body;
    EXPECT_EQ(rest.json().at("complete"), true);
    const auto preview = call("POST", "/api/v1/imports/preview", Json{{"upload_id", id}}.dump());
    EXPECT_EQ(preview.status, 200) << preview.body;
    EXPECT_EQ(preview.json().at("format"), "native");
    EXPECT_EQ(preview.json().at("rows").at(0).at(0), "o1");
}

TEST_F(Uploads, APartThatBeginsElsewhereIs409AndSaysWhere) {
    const std::string id = announce(30);
    EXPECT_EQ(append(id, 0, "0123456789").status, 200);
    for (const std::size_t wrong : {0u, 5u, 11u, 29u}) {
        const auto answer = append(id, wrong, "abc");
        expect_key(answer, 409, "upload.offset");
        EXPECT_NE(answer.body.find(" 10;"), std::string::npos) << answer.body;
    }
    EXPECT_EQ(offset_of(id), 10u);
    expect_key(append(id, 10, std::string(21, 'x')), 422, "upload.too_much");
    expect_key(call("POST", "/api/v1/imports/preview", Json{{"upload_id", id}}.dump()), 409, "upload.incomplete");
    EXPECT_EQ(append(id, offset_of(id), std::string(30 - offset_of(id), 'x')).status, 200);
}

TEST_F(Uploads, TwoPartsAtOnceDoNotWriteOverEachOther) {
    const std::string id = announce(2 * kLarge);
    const int first = begin_part(id, 0, kLarge, std::string(kLarge / 2, 'a'));
    for (int i = 0; i < 200 && offset_of(id) + kPiece < kLarge / 2; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
    expect_key(append(id, 0, std::string(kLarge, 'b')), 409, "upload.busy");
    expect_key(append(id, offset_of(id), std::string(100, 'b')), 409, "upload.busy");
    const std::string rest(kLarge - kLarge / 2, 'a');
    for (std::size_t sent = 0; sent < rest.size();) {
        const ssize_t size = ::send(first, rest.data() + sent, rest.size() - sent, MSG_NOSIGNAL);
        ASSERT_GT(size, 0);
        sent += static_cast<std::size_t>(size);
    }
    for (int i = 0; i < 200 && offset_of(id) < kLarge; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(25));
    ::close(first);
    Answer second;
    for (int i = 0; i < 200 && second.status != 200; ++i) {
        second = append(id, kLarge, std::string(kLarge, 'b'));
        if (second.status != 200) std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    EXPECT_EQ(second.status, 200) << second.body;
    EXPECT_EQ(second.json().at("complete"), true);
}

TEST_F(Uploads, WhatWasChangedOnTheWayIsThrownAway) {
    // SHA-256 of "abc" and of nothing of ours.
    const std::string right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const std::string id = announce(3, right);
    expect_key(append(id, 0, "abd"), 409, "upload.checksum");
    EXPECT_EQ(offset_of(id), 0u) << "it begins anew";
    EXPECT_EQ(append(id, 0, "ab").status, 200);
    EXPECT_EQ(append(id, 2, "c").status, 200);
    EXPECT_EQ(call("GET", "/api/v1/uploads/" + id).json().at("complete"), true);
}

TEST_F(Uploads, AnUploadIsItsOwners) {
    const std::string id = announce(3);
    const std::string other = server().key("imports.write");
    EXPECT_EQ(server().send("GET", "/api/v1/uploads/" + id, "", {"Authorization: Bearer " + other}).status, 404);
    EXPECT_EQ(call("GET", "/api/v1/uploads/../../shuke.key").status, 404);
    EXPECT_EQ(call("DELETE", "/api/v1/uploads/" + id).status, 204);
    EXPECT_EQ(call("GET", "/api/v1/uploads/" + id).status, 404);
}

}  // namespace
}  // namespace shuke::tests
