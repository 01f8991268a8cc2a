// src/app/row_file.h: rows of text to a CSV file, or to stdout when no file is named. Streams; a file appears under
// its name only when it is complete.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "app/context.h"

namespace shuke::app {

class RowFile {
public:
    explicit RowFile(std::string name) : name_(std::move(name)) {
        out_ = name_.empty() ? stdout : std::fopen(part().c_str(), "wb");
    }
    ~RowFile() {
        if (out_ != nullptr && out_ != stdout) {
            std::fclose(out_);
            std::remove(part().c_str());
        }
    }
    void row(const std::vector<std::string>& fields) {
        if (out_ == nullptr) return;
        std::string line;
        for (const auto& field : fields)
            line += (line.empty() && &field == &fields.front() ? "" : ",") + csv_field(field);
        line += '\n';
        std::fwrite(line.data(), 1, line.size(), out_);
    }
    // Error file.unwritable.
    Status finish() {
        bool good = out_ != nullptr && std::fflush(out_) == 0 && std::ferror(out_) == 0;
        if (out_ != nullptr && out_ != stdout) {
            good = std::fclose(out_) == 0 && good && std::rename(part().c_str(), name_.c_str()) == 0;
            out_ = nullptr;
        }
        if (good) return {};
        return fail(Code::kUnavailable, "file.unwritable",
                    "cannot write " + (name_.empty() ? std::string("the output") : name_) +
                        "; check the folder, its permissions and free space");
    }
    RowFile(const RowFile&) = delete;
    RowFile& operator=(const RowFile&) = delete;

private:
    std::string part() const { return name_ + ".part"; }

    std::string name_;
    std::FILE* out_ = nullptr;
};

}  // namespace shuke::app
