#include "record/backup.h"

#include <fcntl.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

namespace shuke::record {
namespace {

constexpr std::string_view kMagic = "SHUKE-BACKUP 1 ";
namespace fs = std::filesystem;

std::unexpected<Error> damaged(const fs::path& file, const std::string& why) {
    return fail(Code::kInvalid, "backup.damaged",
                file.string() + " is no complete backup: " + why + "; nothing was restored");
}

std::unexpected<Error> unwritable(const fs::path& file) {
    return fail(Code::kUnavailable, "file.unwritable",
                "cannot write " + file.string() + ": " + std::strerror(errno) + "; check permissions and free space");
}

std::string checksum_of(std::string_view text) {
    Checksum checksum;
    checksum.add(text);
    return checksum.finish();
}

// "schema=1 bytes=4096 checksum=… taken=… key=… line=<checksum of all before>"
std::string header_line(const BackupInfo& info, const std::string& key_hex) {
    std::ostringstream line;
    line << kMagic << "schema=" << info.schema_version << " bytes=" << info.database_bytes
         << " checksum=" << info.checksum << " taken=" << info.taken_at.us_since_epoch
         << " key=" << (key_hex.empty() ? "none" : key_hex);
    return line.str() + " line=" + checksum_of(line.str()) + "\n";
}

struct Header {
    BackupInfo info;
    std::string key_hex;
};

Result<Header> read_header(std::ifstream& in, const fs::path& file) {
    std::string line;
    if (!std::getline(in, line) || line.size() > 4096 || !line.starts_with(kMagic))
        return damaged(file, "it does not begin like one");
    const auto seal = line.rfind(" line=");
    if (seal == std::string::npos || line.substr(seal + 6) != checksum_of(line.substr(0, seal)))
        return damaged(file, "its first line was changed");
    std::map<std::string, std::string> fields;
    std::istringstream words(line.substr(kMagic.size()));
    for (std::string word; words >> word;) {
        const auto equals = word.find('=');
        if (equals != std::string::npos) fields[word.substr(0, equals)] = word.substr(equals + 1);
    }
    const auto number = [&](const char* name) {
        std::int64_t value = -1;
        const std::string& text = fields[name];
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    };
    Header header;
    header.info.schema_version = static_cast<int>(number("schema"));
    header.info.database_bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, number("bytes")));
    header.info.checksum = fields["checksum"];
    header.info.taken_at = Instant{number("taken")};
    if (fields["key"] != "none") header.key_hex = fields["key"];
    header.info.holds_key = !header.key_hex.empty();
    if (header.info.schema_version < 1 || header.info.checksum.empty())
        return damaged(file, "its first line is not readable");
    return header;
}

// SQLite's online backup: a consistent copy while others write.
void copy_database(soci::session& session, const fs::path& copy) {
    using namespace sqlite_api;  // where SOCI keeps its sqlite3.h
    auto* source = static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
    sqlite3* target = nullptr;
    const auto close = [&] { sqlite3_close(target); };
    if (sqlite3_open(copy.c_str(), &target) != SQLITE_OK) {
        close();
        throw Failure{unwritable(copy).error()};
    }
    sqlite3_backup* backup = sqlite3_backup_init(target, "main", source, "main");
    int result = backup == nullptr ? sqlite3_errcode(target) : SQLITE_OK;
    while (backup != nullptr && (result = sqlite3_backup_step(backup, 4096)) != SQLITE_DONE) {
        if (result == SQLITE_BUSY || result == SQLITE_LOCKED)
            sqlite3_sleep(20);
        else if (result != SQLITE_OK)
            break;
    }
    if (backup != nullptr) sqlite3_backup_finish(backup);
    if (result == SQLITE_DONE) sqlite3_exec(target, "PRAGMA journal_mode = DELETE", nullptr, nullptr, nullptr);
    close();
    if (result != SQLITE_DONE) {
        throw Failure{{Code::kUnavailable, "backup.failed",
                       std::string("copying the database failed: ") + sqlite3_errstr(result)}};
    }
}

struct Streams {
    ZSTD_CCtx* compress = ZSTD_createCCtx();
    ZSTD_DCtx* expand = ZSTD_createDCtx();
    ~Streams() {
        ZSTD_freeCCtx(compress);
        ZSTD_freeDCtx(expand);
    }
};

Status compress_into(const fs::path& from, std::ofstream& out, const fs::path& target) {
    Streams streams;
    ZSTD_CCtx_setParameter(streams.compress, ZSTD_c_compressionLevel, 3);
    ZSTD_CCtx_setParameter(streams.compress, ZSTD_c_checksumFlag, 1);
    std::ifstream in(from, std::ios::binary);
    std::vector<char> plain(1 << 20);
    std::vector<char> packed(ZSTD_CStreamOutSize());
    for (bool last = false; !last;) {
        in.read(plain.data(), static_cast<std::streamsize>(plain.size()));
        last = in.eof();
        ZSTD_inBuffer input{plain.data(), static_cast<std::size_t>(in.gcount()), 0};
        for (bool done = false; !done;) {
            ZSTD_outBuffer output{packed.data(), packed.size(), 0};
            const std::size_t left =
                ZSTD_compressStream2(streams.compress, &output, &input, last ? ZSTD_e_end : ZSTD_e_continue);
            if (!out.write(packed.data(), static_cast<std::streamsize>(output.pos))) return unwritable(target);
            done = last ? left == 0 : input.pos == input.size;
        }
    }
    return {};
}

// The database out of the backup, into `target` when it is named; checked against the header either way.
Result<Header> expand(const fs::path& file, const fs::path* target) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return fail(Code::kNotFound, "file.not_found", "cannot read " + file.string());
    auto header = read_header(in, file);
    if (!header) return header;
    std::ofstream out;
    if (target != nullptr) out.open(*target, std::ios::binary | std::ios::trunc);
    Streams streams;
    Checksum checksum;
    std::uint64_t bytes = 0;
    std::size_t left = 1;
    std::vector<char> packed(1 << 20);
    std::vector<char> plain(ZSTD_DStreamOutSize());
    while (in.read(packed.data(), static_cast<std::streamsize>(packed.size())) || in.gcount() > 0) {
        ZSTD_inBuffer input{packed.data(), static_cast<std::size_t>(in.gcount()), 0};
        while (input.pos < input.size) {
            ZSTD_outBuffer output{plain.data(), plain.size(), 0};
            left = ZSTD_decompressStream(streams.expand, &output, &input);
            if (ZSTD_isError(left)) return damaged(file, ZSTD_getErrorName(left));
            checksum.add({plain.data(), output.pos});
            bytes += output.pos;
            if (target != nullptr && !out.write(plain.data(), static_cast<std::streamsize>(output.pos)))
                return unwritable(*target);
        }
    }
    if (left != 0) return damaged(file, "it ends in the middle");
    if (bytes != header->info.database_bytes || checksum.finish() != header->info.checksum)
        return damaged(file, "its checksum differs");
    if (target != nullptr && !out.flush()) return unwritable(*target);
    header->info.file_bytes = fs::file_size(file);
    return header;
}

std::string read_key_hex(const fs::path& folder) {
    std::ifstream in(folder / "shuke.key");
    std::string hex;
    std::getline(in, hex);
    return hex;
}

void sync_file(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    ::fsync(descriptor);
    ::close(descriptor);
}

Status write_private(const fs::path& file, const std::string& text) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool good = descriptor >= 0 &&
                      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                      ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    return good ? Status{} : unwritable(file);
}

}  // namespace

Status copy_record(Database& database, const fs::path& folder) {
    if (database.dialect() != Dialect::kSqlite)
        return fail(Code::kInvalid, "backup.not_available", "a record in PostgreSQL is copied with pg_dump");
    std::error_code problem;
    fs::create_directories(folder, problem);
    fs::permissions(folder, fs::perms::owner_all, problem);
    const fs::path key = fs::absolute(database.folder() / "shuke.key");
    if (fs::exists(key)) fs::create_symlink(key, folder / "shuke.key", problem);
    if (problem) return unwritable(folder);
    // Inside one read transaction the source stays what it is, so that writers do not make the copy begin anew.
    return database.read([&](soci::session& session) {
        int rows = 0;
        session << "SELECT count(*) FROM settings", soci::into(rows);  // the transaction begins with the first read
        copy_database(session, folder / "shuke.db");
    });
}

Result<BackupInfo> back_up(Database& database, const fs::path& file, bool with_key) {
    if (database.dialect() != Dialect::kSqlite) {
        return fail(Code::kInvalid, "backup.not_available", "this record lives in PostgreSQL; use pg_dump for it");
    }
    const fs::path copy = file.string() + ".copy";
    const fs::path part = file.string() + ".part";
    const auto clean = [&] {
        std::error_code ignored;
        fs::remove(copy, ignored);
        fs::remove(part, ignored);
    };
    clean();
    BackupInfo info;
    Status status = guarded([&] {
        copy_database(*database.connect(), copy);
        info.schema_version = database.schema_version();
        info.database_bytes = fs::file_size(copy);
        info.checksum = or_throw(file_checksum(copy));
        info.taken_at = database.clock().now();
        info.holds_key = with_key;
        const std::string key = with_key ? read_key_hex(database.folder()) : std::string();
        if (with_key && key.empty()) {
            throw Failure{{Code::kNotFound, "key.missing",
                           "the key is not in the data folder (SHUKE_KEY?), so it cannot go into the backup"}};
        }
        or_throw(write_private(part, header_line(info, key)));
        std::ofstream out(part, std::ios::binary | std::ios::app);
        or_throw(compress_into(copy, out, part));
        if (!out.flush()) throw Failure{unwritable(part).error()};
        out.close();
        sync_file(part);
        or_throw(check_backup(part));  // what is on the disk now can be restored
        fs::rename(part, file);
        info.file_bytes = fs::file_size(file);
    });
    clean();
    if (!status) return std::unexpected(status.error());
    return info;
}

Result<BackupInfo> check_backup(const fs::path& file) {
    auto header = expand(file, nullptr);
    if (!header) return std::unexpected(header.error());
    return header->info;
}

Result<BackupInfo> restore(const fs::path& file, const fs::path& folder, bool replace) {
    const fs::path database = folder / "shuke.db";
    if (fs::exists(database) && !replace) {
        return fail(Code::kConflict, "backup.target_exists",
                    folder.string() +
                        " holds a record already; restore into another folder with --data, or add --replace "
                        "(the present record is kept as shuke.db.replaced)");
    }
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem)
        return fail(Code::kForbidden, "record.read_only",
                    "cannot create " + folder.string() + ": " + problem.message());
    const fs::path incoming = folder / "shuke.db.restoring";
    auto header = expand(file, &incoming);
    if (header && !header->key_hex.empty() && !fs::exists(folder / "shuke.key")) {
        if (auto written = write_private(folder / "shuke.key", header->key_hex + "\n"); !written)
            header = std::unexpected(written.error());
    }
    if (header) {
        sync_file(incoming);
        const auto moved = guarded([&] {
            if (fs::exists(database)) {
                // With its write-ahead log, which may hold what a killed import has committed.
                fs::remove(folder / "shuke.db.replaced-wal");
                if (fs::exists(folder / "shuke.db-wal"))
                    fs::rename(folder / "shuke.db-wal", folder / "shuke.db.replaced-wal");
                fs::rename(database, folder / "shuke.db.replaced");
                fs::remove(folder / "shuke.db-shm");
            }
            fs::rename(incoming, database);
        });
        if (!moved) header = std::unexpected(moved.error());
    }
    fs::remove(incoming, problem);
    if (!header) return std::unexpected(header.error());
    return header->info;
}

}  // namespace shuke::record
