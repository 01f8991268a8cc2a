# Language, warnings, sanitizers, linker and compiler cache. Everything here holds for all targets of the project.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# -O1 in Debug: a tenth of the time of -O0 at run time, and a debugger still shows nearly every variable.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g -D_GLIBCXX_ASSERTIONS")
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -g1 -DNDEBUG")

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 reports these on correct code of its own library once it inlines;
    # clang-tidy and the sanitizers look for the same faults without the noise.
    add_compile_options(-Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
    add_compile_options(-fdiagnostics-color=auto)
else()
    # clang 19 reports GCC 12's own std::stable_sort.
    add_compile_options(-Wno-deprecated-declarations)
endif()

# Paths in messages and debug information are relative to the source tree: shorter, and the same in every checkout.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)

if(SHUKE_SANITIZE)
    # -g1: a finding needs lines and functions, not variables; a third less to compile and link.
    add_compile_options(-fsanitize=${SHUKE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
    add_link_options(-fsanitize=${SHUKE_SANITIZE})
    # The vptr check needs the type information of SOCI's classes, which its shared library keeps to itself.
    add_compile_options(-fno-sanitize=vptr)
endif()
if(SHUKE_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(SHUKE_MOLD mold)
if(SHUKE_MOLD)
    add_link_options(-fuse-ld=mold)
endif()

find_program(SHUKE_CCACHE ccache)
if(SHUKE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # Sloppiness: what ccache asks for with precompiled headers. Base directory: hits across checkouts.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${SHUKE_CCACHE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-fpch-preprocess)
    endif()
endif()
