// Aim: no bytes whatever make the CSV reader crash, hang or read differently in other pieces.
// The first two bytes choose the pieces and the limits; the rest is the file (plain, gzip or Zstandard, any encoding).
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "ingest/source/csv_for_test.h"

using namespace shuke;
using namespace shuke::ingest;

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    const ReaderLimits limits{.record_bytes = 64u + data[0] * 16u, .columns = 4u + data[1] % 60u};
    const CsvTable whole = read_csv(bytes, {.chunk_bytes = 8192, .limits = limits});
    const CsvTable pieces =
        read_csv(bytes, {.bytes_at_once = 1u + data[0] % 37u, .chunk_bytes = 16u + data[1] % 100u, .limits = limits});
    require(whole == pieces);
    std::uint64_t line = 0;
    for (const CsvRow& row : whole.rows) {
        require(is_utf8(row.raw) && row.raw.size() <= limits.record_bytes + 1000);
        require(row.line > line);  // rows come in order, each on lines of its own
        line = row.line;
        require(row.cells.size() <= limits.columns && row.cells.empty() != row.fault.empty());
        for (const std::string& cell : row.cells) require(is_utf8(cell));
    }
    return 0;
}
