// src/app/identifier_file.h
//
// The column of a file that says which customers are meant: phones, e-mails, nicks, external ids, Shuke's own ids.
//
//   in   any CSV that `shuke import` can read (encodings, .gz, .zst); its column by name, else the first one whose
//        heading is known (手机号, phone, email, 旺旺, external_id, id …). Without any known heading the first column
//        is taken, from the first row on, and any kind of identifier is tried
//   out  one text a row, with its kind in front where it is known ("phone:13800000001"), as identity/lookup.h takes it
//
// Errors   those of reading a file; list.unknown_column, list.unknown_kind
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace shuke::app {

struct IdentifierFile {
    std::string column;  // empty: there is no heading
    std::string kind;    // empty: any
    std::vector<std::string> values;
};

Result<IdentifierFile> read_identifiers(const std::filesystem::path& file, const std::string& column,
                                        const std::string& kind);

}  // namespace shuke::app
