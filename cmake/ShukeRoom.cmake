# shuke_room(<name> [LIBS <targets>...] [SOURCES <generated>...] [MIGRATIONS <folder>] [PCH <header>])
#
# The rooms it may use are read from scripts/layers.txt; they have to be declared before it.
# Everything below src/<name>, by file name:
#   *_test.cpp         executable <name>_tests (GoogleTest, RapidCheck), each test registered with CTest
#   *_fuzz.cpp         one libFuzzer executable each, when SHUKE_FUZZ is on
#   main.cpp           left to CMakeLists.txt
#   every other *.cpp  static library shuke_<name>; a room of headers only (or not begun) is an interface library
#
# PCH: a precompiled header of its own instead of the shared one.
# MIGRATIONS: the folder's *.sql are compiled in; src/record/migration_files.h declares how they are read.
# Sets shuke_<name>_scope to PUBLIC or INTERFACE, for further target_… calls.
#
# Executables land in the top of the build directory: build/<preset>/<name>_tests.

# Tests are compiled more often than they run: -O1 spares two fifths of the time.
function(shuke_compile_quickly target)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# One precompiled header for the libraries and one for the tests (which adds GoogleTest and RapidCheck).
function(shuke_make_pch target header)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${target}.cpp CONTENT "// carrier of a precompiled header\n")
    add_library(${target} STATIC ${CMAKE_BINARY_DIR}/${target}.cpp)
    target_link_libraries(${target} PRIVATE ${ARGN})
    target_precompile_headers(${target} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/${header})
endfunction()
if(SHUKE_PCH)
    shuke_make_pch(shuke_pch pch.h)
    if(SHUKE_TESTS)
        shuke_make_pch(shuke_test_pch pch_test.h GTest::gtest rapidcheck_gtest)
        shuke_compile_quickly(shuke_test_pch)
    endif()
endif()

add_custom_target(unit_tests)  # all <room>_tests
add_custom_target(fuzzers)     # all fuzz targets

function(shuke_room name)
    cmake_parse_arguments(ARG "" "MIGRATIONS;PCH" "LIBS;SOURCES" ${ARGN})
    set(dir ${CMAKE_SOURCE_DIR}/src/${name})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${dir}/*.cpp)
    set(tests ${sources})
    set(fuzzers ${sources})
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
    list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
    list(FILTER sources EXCLUDE REGEX "(_test|_fuzz|/main)\\.cpp$")
    if(ARG_MIGRATIONS AND EXISTS ${CMAKE_SOURCE_DIR}/${ARG_MIGRATIONS})
        shuke_embed_migrations(${CMAKE_SOURCE_DIR}/${ARG_MIGRATIONS} generated)
        list(APPEND sources ${generated})
    endif()

    list(APPEND sources ${ARG_SOURCES})

    set(library shuke_${name})
    if(sources)
        set(scope PUBLIC)
        add_library(${library} STATIC ${sources})
        if(SHUKE_PCH AND ARG_PCH)
            target_precompile_headers(${library} PRIVATE ${CMAKE_SOURCE_DIR}/${ARG_PCH})
        elseif(SHUKE_PCH)
            target_precompile_headers(${library} REUSE_FROM shuke_pch)
        endif()
    else()
        set(scope INTERFACE)
        add_library(${library} INTERFACE)
    endif()
    set(${library}_scope ${scope} PARENT_SCOPE)
    target_include_directories(${library} ${scope} ${CMAKE_SOURCE_DIR}/src)
    shuke_room_uses(${name} uses)
    target_link_libraries(${library} ${scope} ${uses} ${ARG_LIBS})
    set_property(GLOBAL APPEND PROPERTY shuke_rooms ${library})

    if(SHUKE_TESTS AND tests)
        shuke_test_executable(${name}_tests unit ${tests})
        target_link_libraries(${name}_tests PRIVATE ${library})
        add_dependencies(unit_tests ${name}_tests)
    endif()
    if(SHUKE_FUZZ)
        foreach(source IN LISTS fuzzers)
            cmake_path(GET source STEM target)
            add_executable(${target} ${source})
            target_link_libraries(${target} PRIVATE ${library})
            target_link_options(${target} PRIVATE -fsanitize=fuzzer)
            set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzzers)
            add_dependencies(fuzzers ${target})
        endforeach()
    endif()
endfunction()

# The libraries of the rooms that scripts/layers.txt lets <name> use; "*" is every room declared so far.
function(shuke_room_uses name out)
    set(layers ${CMAKE_SOURCE_DIR}/scripts/layers.txt)
    set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${layers})
    file(STRINGS ${layers} row REGEX "^${name}:")
    if(NOT row)
        message(FATAL_ERROR "scripts/layers.txt has no room '${name}'")
    endif()
    string(REGEX REPLACE "^${name}: *" "" uses "${row}")
    if(uses STREQUAL "*")
        get_property(uses GLOBAL PROPERTY shuke_rooms)
    else()
        separate_arguments(uses)
        list(TRANSFORM uses PREPEND shuke_)
    endif()
    set(${out} ${uses} PARENT_SCOPE)
endfunction()

# shuke_test_executable(<target> <label> <sources>...): GoogleTest tests, each known to CTest under the label. They run in the top
# of the source tree.
function(shuke_test_executable target label)
    add_executable(${target} ${ARGN})
    target_link_libraries(${target} PRIVATE GTest::gtest_main GTest::gtest rapidcheck_gtest)
    shuke_compile_quickly(${target})
    if(SHUKE_PCH)
        target_precompile_headers(${target} REUSE_FROM shuke_test_pch)
    endif()
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
    gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                         WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} PROPERTIES TIMEOUT 900 LABELS ${label})
endfunction()

# Turns a folder of *.sql into one generated .cpp; its path is returned in `out`.
function(shuke_embed_migrations folder out)
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
    set(generated ${CMAKE_BINARY_DIR}/generated/migration_files.cpp)
    set(script ${CMAKE_SOURCE_DIR}/cmake/EmbedMigrations.cmake)
    add_custom_command(
        OUTPUT ${generated}
        COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DOUT=${generated} -P ${script}
        DEPENDS ${files} ${script}
        COMMENT "Embedding SQL migrations"
        VERBATIM)
    set(${out} ${generated} PARENT_SCOPE)
endfunction()

# Turns <folder>/<glob> into one generated .cpp that defines <namespace>::<function>, a span of <type>, declared in <header>; its
# path is returned in `out`.
function(shuke_embed_texts folder glob header namespace type function out)
    file(GLOB files CONFIGURE_DEPENDS ${folder}/${glob})
    set(generated ${CMAKE_BINARY_DIR}/generated/${function}.cpp)
    set(script ${CMAKE_SOURCE_DIR}/cmake/EmbedTexts.cmake)
    add_custom_command(
        OUTPUT ${generated}
        COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DGLOB=${glob} -DHEADER=${header} -DNAMESPACE=${namespace} -DTYPE=${type}
                -DFUNCTION=${function} -DOUT=${generated} -P ${script}
        DEPENDS ${files} ${script}
        COMMENT "Embedding ${glob} of ${function}"
        VERBATIM)
    set(${out} ${generated} PARENT_SCOPE)
endfunction()

# Turns the built console (SHUKE_CONSOLE, when web/dist is there) into one generated .cpp; its path is returned in `out`.
option(SHUKE_CONSOLE "Compile the web console in, where web/dist was built" ON)
function(shuke_embed_console folder out)
    set(files "")
    if(SHUKE_CONSOLE)
        file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*)
    else()
        set(folder ${CMAKE_BINARY_DIR}/generated/no_console)
    endif()
    set(generated ${CMAKE_BINARY_DIR}/generated/console_files.cpp)
    set(script ${CMAKE_SOURCE_DIR}/cmake/EmbedConsole.cmake)
    add_custom_command(
        OUTPUT ${generated}
        COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DOUT=${generated} -P ${script}
        DEPENDS ${files} ${script}
        COMMENT "Embedding the console"
        VERBATIM)
    set(${out} ${generated} PARENT_SCOPE)
endfunction()
