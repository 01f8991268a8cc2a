// src/api/resources/customer_file.h: customers as CSV, or as XLSX.
#pragma once

#include <filesystem>
#include <memory>

#include "live/customer_rows.h"

namespace shuke::api {

class CustomerFile {
public:
    // The file's ending says which form. `clear`: personal data are written as they are.
    CustomerFile(std::filesystem::path file, std::vector<std::string> columns, Currency currency, bool clear);
    ~CustomerFile();
    void add(const live::CustomerRow& row);
    Status finish();  // error file.unwritable; only then the file is there

    CustomerFile(const CustomerFile&) = delete;
    CustomerFile& operator=(const CustomerFile&) = delete;

private:
    struct Writer;
    std::string cell(const live::CustomerRow& row, const std::string& column) const;
    void put(const std::vector<std::string>& cells);

    std::filesystem::path file_;
    std::vector<std::string> columns_;
    Currency currency_;
    bool clear_;
    std::unique_ptr<Writer> writer_;
};

}  // namespace shuke::api
