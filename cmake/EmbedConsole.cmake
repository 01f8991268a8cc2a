# cmake -DFOLDER=web/dist -DOUT=… -P EmbedConsole.cmake: writes C++ that holds the console's files, each also as gzip and brotli
# where that makes it smaller and the program for it is there. An absent folder gives an empty list.
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*)
list(SORT files)
cmake_path(GET OUT PARENT_PATH out_folder)
set(packed ${out_folder}/console_packed)
file(REMOVE_RECURSE ${packed})
find_program(GZIP gzip)
find_program(BROTLI brotli)
set(blobs "")
set(rows "")
set(number 0)

function(embed path out)
    math(EXPR number "${number} + 1")
    set(number ${number} PARENT_SCOPE)
    set(name shuke_console_${number})
    string(APPEND blobs "asm(\".section .rodata\\n${name}:\\n.incbin \\\"${path}\\\"\\n${name}_end:\\n.byte 0\\n.previous\\n\");\n"
                        "extern \"C\" const char ${name}[], ${name}_end[];\n")
    set(blobs "${blobs}" PARENT_SCOPE)
    set(${out} "{${name}, static_cast<std::size_t>(${name}_end - ${name})}" PARENT_SCOPE)
endfunction()

foreach(file IN LISTS files)
    set(path ${FOLDER}/${file})
    file(SIZE ${path} size)
    embed(${path} plain)
    set(gzip "{}")
    set(brotli "{}")
    if(size GREATER 600 AND file MATCHES "\\.(js|css|svg|json|map|txt|webmanifest)$")
        cmake_path(GET file PARENT_PATH folder)
        file(MAKE_DIRECTORY ${packed}/${folder})
        if(GZIP)
            execute_process(COMMAND ${GZIP} -9 -n -c ${path} OUTPUT_FILE ${packed}/${file}.gz COMMAND_ERROR_IS_FATAL ANY)
            embed(${packed}/${file}.gz gzip)
        endif()
        if(BROTLI)
            execute_process(COMMAND ${BROTLI} -q 11 -c ${path} OUTPUT_FILE ${packed}/${file}.br COMMAND_ERROR_IS_FATAL ANY)
            embed(${packed}/${file}.br brotli)
        endif()
    endif()
    string(APPEND rows "    {\"${file}\", ${plain}, ${gzip}, ${brotli}},\n")
endforeach()

file(WRITE ${OUT} "// Generated from web/dist; do not edit.
#include \"api/console.h\"

#include <vector>

${blobs}
namespace shuke::api {

std::span<const ConsoleFile> console_files() {
    static const std::vector<ConsoleFile> kFiles = {
${rows}    };
    return kFiles;
}

}  // namespace shuke::api
")
