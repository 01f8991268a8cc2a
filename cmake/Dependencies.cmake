# Every third-party library, once. All are packages of Debian 12 (scripts/packages.txt); imported targets, so their
# headers count as system headers and raise no warnings here.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(date REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(roaring REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(pq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)  # the compiled form: header-only costs seconds a file

# Debian ships these without CMake or pkg-config files.
function(shuke_import_library target header)
    find_path(${target}_INCLUDE ${header} REQUIRED)
    add_library(${target} INTERFACE IMPORTED)
    target_include_directories(${target} INTERFACE ${${target}_INCLUDE})
    foreach(library IN LISTS ARGN)
        find_library(${target}_${library} ${library} REQUIRED)
        target_link_libraries(${target} INTERFACE ${${target}_${library}})
    endforeach()
endfunction()

shuke_import_library(soci::soci soci/soci.h soci_core soci_sqlite3 soci_postgresql)
target_link_libraries(soci::soci INTERFACE SQLite::SQLite3 PkgConfig::pq)
shuke_import_library(phonenumber::phonenumber phonenumbers/phonenumberutil.h phonenumber protobuf)
target_link_libraries(phonenumber::phonenumber INTERFACE Threads::Threads)
shuke_import_library(zxcvbn::zxcvbn zxcvbn.h zxcvbn)

if(SHUKE_TESTS)
    find_package(GTest REQUIRED)
    find_package(rapidcheck REQUIRED)
    include(GoogleTest)
endif()
