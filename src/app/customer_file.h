// src/app/customer_file.h: customers as a file of ids, for the commands that choose some.
#pragma once

#include <string>
#include <vector>

#include "app/row_file.h"
#include "base/id.h"

namespace shuke::app {

// To a CSV file with a heading, or one id a line on stdout when no file is named. Error file.unwritable.
inline Status write_customers(const std::string& out, const std::vector<CustomerId>& customers) {
    RowFile file(out);
    if (!out.empty()) file.row({"id"});
    for (const CustomerId customer : customers) file.row({std::to_string(customer.value)});
    return file.finish();
}

}  // namespace shuke::app
