// Aim: whatever a client sends, it gets a clear answer, and the server lives. Method: bytes as they are against the real server
// with short deadlines.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/server_for_test.h"

namespace shuke::tests {
namespace {

class HostileClient : public ::testing::Test {
protected:
    static TestServer& server() {
        static TestServer server({"--head-timeout", "700", "--body-timeout", "700", "--idle-timeout", "1500"});
        return server;
    }
    static int status_of(const std::string& answer) { return answer.size() < 12 ? 0 : std::atoi(answer.c_str() + 9); }
    static void expect(const std::string& answer, int status, const std::string& key) {
        EXPECT_EQ(status_of(answer), status) << answer.substr(0, 300);
        EXPECT_NE(answer.find("\"key\":\"" + key + "\""), std::string::npos) << answer.substr(0, 600);
        EXPECT_NE(answer.find("application/problem+json"), std::string::npos);
    }
    void TearDown() override { EXPECT_EQ(server().send("GET", "/healthz").status, 200); }
};

TEST_F(HostileClient, ASlowHeaderIs408) {
    expect(server().raw("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Sl", 5), 408, "request.head_timeout");
}

// A byte now and then keeps a connection from being idle; the time is for the whole header.
TEST_F(HostileClient, ADrippingHeaderIs408) {
    const int socket = server().connect();
    const std::string head = "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Drip: " + std::string(200, 'x');
    char piece[2048];
    ssize_t size = 0;
    for (const char c : head) {
        if (::send(socket, &c, 1, MSG_NOSIGNAL) != 1) break;
        ::usleep(20'000);
        size = ::recv(socket, piece, sizeof piece, MSG_DONTWAIT);
        if (size >= 0) break;
    }
    ::close(socket);
    ASSERT_GT(size, 0) << "four seconds of dripping and no answer";
    expect(std::string(piece, static_cast<std::size_t>(size)), 408, "request.head_timeout");
}

TEST_F(HostileClient, ASlowBodyIs408) {
    expect(server().raw("POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                        "100\r\n\r\n{\"na",
                        5),
           408, "request.body_timeout");
}

TEST_F(HostileClient, AnIdleConnectionIsClosed) { EXPECT_EQ(server().raw("", 6), ""); }

TEST_F(HostileClient, AHugeHeaderIs431) {
    expect(server().raw("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Big: " + std::string(200'000, 'x') + "\r\n\r\n"), 431,
           "request.head_too_large");
}

TEST_F(HostileClient, OversizeCookiesAre431) {
    expect(server().raw("GET /healthz HTTP/1.1\r\nHost: a\r\nCookie: a=" + std::string(20'000, 'x') + "\r\n\r\n"), 431,
           "request.cookie_too_large");
}

TEST_F(HostileClient, ALongAddressIs414) {
    expect(server().raw("GET /" + std::string(10'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414,
           "request.target_too_long");
}

TEST_F(HostileClient, AHugeBodyIs413BeforeItIsRead) {
    expect(server().raw("POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                        "99999999999\r\n\r\n"),
           413, "request.body_too_large");
}

TEST_F(HostileClient, AnEndlessChunkedBodyIs413) {
    std::string bytes =
        "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: "
        "chunked\r\n\r\n";
    for (int i = 0; i < 40; ++i) bytes += "10000\r\n" + std::string(0x10000, ' ') + "\r\n";
    expect(server().raw(bytes), 413, "request.body_too_large");
}

TEST_F(HostileClient, BrokenChunksAre400) {
    for (const std::string chunk :
         {"zz\r\nab\r\n0\r\n\r\n", "-1\r\nab\r\n", "ffffffffffffffffff\r\nab\r\n", "2\r\nabcd\r\n0\r\n\r\n"}) {
        const auto answer = server().raw(
            "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: "
            "chunked\r\n\r\n" +
            chunk);
        EXPECT_EQ(status_of(answer), 400) << chunk << "\n" << answer.substr(0, 300);
    }
}

TEST_F(HostileClient, GarbageIs400) {
    for (const std::string bytes :
         {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "GET\r\n\r\n",
          "GET / HTTP/1.1\r\nno colon here\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 6\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n folded: c\r\nX\x01Y: d\r\n\r\n",
          "GET / HTTP/1.1\r\nHost : a\r\n\r\n"}) {
        const auto answer = server().raw(bytes);
        EXPECT_EQ(status_of(answer), 400) << bytes << "\n" << answer.substr(0, 300);
    }
}

TEST_F(HostileClient, MalformedJsonIs400AndSaysWhere) {
    const std::vector<std::string> json{"Content-Type: application/json"};
    for (const std::string body : {"{", "{\"name\":}", "[[[[[[", "\xff\xfe", "{\"name\":\"a\"", "nul"}) {
        const auto answer = server().send("POST", "/api/v1/session", body, json);
        EXPECT_EQ(answer.status, 400) << body << answer.body;
        EXPECT_EQ(answer.json().value("key", ""), "request.json");
    }
    EXPECT_EQ(server().send("POST", "/api/v1/session", std::string(500'000, '['), json).status, 400);
}

TEST_F(HostileClient, PathsLeadNowhereElse) {
    for (const char* path :
         {"/../../etc/passwd", "/assets/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd",
          "/api/v1/../../etc/passwd", "/api/v1/uploads/..%2f..%2fshuke.key", "/%00", "/api/v1/%ff"}) {
        const auto answer = server().send("GET", path);
        EXPECT_TRUE(answer.status == 404 || answer.status == 400 || answer.status == 401)
            << path << " " << answer.status;
        EXPECT_EQ(answer.body.find("root:"), std::string::npos);
    }
}

TEST_F(HostileClient, HeadersCannotBeInjected) {
    const auto answer = server().raw(
        "GET /api/v1/nothing%0d%0aX-Injected:%201?a=%0d%0aX-Injected:1 HTTP/1.1\r\nHost: a\r\nConnection: "
        "close\r\n\r\n");
    EXPECT_EQ(answer.find("\nX-Injected"), std::string::npos) << answer;
}

TEST_F(HostileClient, PipelinedRequestsAreAnsweredInOrder) {
    const std::string get = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    const auto answer = server().raw(get + get + "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    std::size_t count = 0;
    for (auto at = answer.find("HTTP/1.1 200"); at != std::string::npos; at = answer.find("HTTP/1.1 200", at + 1))
        ++count;
    EXPECT_EQ(count, 3u) << answer;
}

TEST(Limits, AboveTheConnectionLimitIs429) {
    TestServer server({"--connections", "5"});
    std::vector<int> open;
    for (int i = 0; i < 5; ++i) open.push_back(server.connect());
    ::usleep(200'000);
    const auto answer = server.raw("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_NE(answer.find("429"), std::string::npos) << answer;
    EXPECT_NE(answer.find("Retry-After"), std::string::npos);
    for (const int socket : open) ::close(socket);
}

TEST(Drain, SigtermEndsIdleConnectionsAndTheExitCodeIs0) {
    TestServer server;
    const int idle = server.connect();
    EXPECT_EQ(server.send("GET", "/readyz").status, 200);
    EXPECT_EQ(server.stop(), 0);
    ::close(idle);
}

}  // namespace
}  // namespace shuke::tests
