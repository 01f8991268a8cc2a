# cmake -DFOLDER=… -DGLOB=… -DHEADER=… -DNAMESPACE=… -DTYPE=… -DFUNCTION=… -DOUT=… -P EmbedTexts.cmake: writes the folder's files,
# sorted by name, as C++ string literals that FUNCTION, declared in HEADER, returns.
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/${GLOB})
list(SORT files)
list(LENGTH files count)
set(rows "")
foreach(name IN LISTS files)
    file(READ ${FOLDER}/${name} text)
    string(APPEND rows "    ${TYPE}{\"${name}\", R\"shuke_text(${text})shuke_text\"},\n")
endforeach()
file(WRITE ${OUT} "// Generated from ${GLOB}; do not edit.
#include \"${HEADER}\"

#include <array>

namespace ${NAMESPACE} {
namespace {

constexpr std::array<${TYPE}, ${count}> kFiles{
${rows}};

}  // namespace

std::span<const ${TYPE}> ${FUNCTION}() { return kFiles; }

}  // namespace ${NAMESPACE}
")
