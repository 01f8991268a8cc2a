// src/api/resources/uploads.h
//
// Files that come in parts: DIR/uploads/ID.part grows by what arrives, ID.json says what it will be. How far it is is the
// size of the file, so a connection that broke off has lost nothing of what came through. One part at a time. Nobody's any
// more after access.upload_file_hours, they go (upkeep.h).
//
// Errors   upload.unknown, upload.offset (the part begins elsewhere), upload.busy (another part is coming), upload.checksum,
//          upload.too_much, upload.incomplete
#pragma once

#include "api/call.h"

namespace shuke::api {

struct Upload {
    std::string id, filename, owner, sha256;  // sha256: "" where none was announced
    std::uint64_t size = 0, offset = 0;
    Instant created_at = kNever;
    std::filesystem::path file;
};
Result<Upload> find_upload(const Services& at, const Caller& who, const std::string& id);
// All of it must have come.
Result<Upload> whole_upload(const Services& at, const Caller& who, const std::string& id);
void remove_upload(const Upload& upload);

// Where the next part goes, before it is read.
Result<http::BodyPlan> plan_part(const Services& at, const Caller& who, const std::string& id,
                                 const http::Request& request);

}  // namespace shuke::api
