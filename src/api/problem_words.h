// src/api/problem_words.h
//
// What went wrong, in Chinese: src/api/words/problems_zh.json, compiled in. Errors are made in English, with the values they
// speak of inside; a pattern of the key ("there is a user '{}' already") takes these out and puts them into the Chinese
// sentence. A detail that fits no pattern gets the key's general sentence, so nothing is half translated.
//
// Threads  any
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "api/http/message.h"
#include "api/openapi_document.h"

namespace shuke::api {

std::span<const EmbeddedText> problem_words();

// Does who sent this ask for Chinese? Only where they say so: programs that name no language get English.
bool asks_for_chinese(const http::Request& request);

// The English one where there are no words for it.
std::string chinese_title(int status, std::string_view english);
std::string chinese_detail(std::string_view key, std::string_view english);
std::string chinese_fault(std::string_view english);  // of one field: "is longer than 60 characters"

}  // namespace shuke::api
