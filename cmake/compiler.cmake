# How everything is compiled: C++20, warnings are errors, programs in build/bin and libraries in build/lib.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
# Links each test, with LLVM in it, in a fraction of the time. (lld 14 does too, but g++'s split functions made by it could
# not always be unwound: an exception through one of them aborted.)
find_program(GOLD ld.gold)
if(GOLD)
    add_link_options(-fuse-ld=gold)
endif()

add_library(warnings INTERFACE)
target_compile_options(warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror
                       -Wno-missing-field-initializers)  # {.kind = x} leaves fields out on purpose
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(warnings INTERFACE -Wno-deprecated-declarations)  # in headers of libstdc++ 12
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(warnings INTERFACE -Wno-restrict)  # false for "text" + std::string (GCC bug 105651)
endif()

if(RONDO_FUZZ)
    set(RONDO_SANITIZE ON)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(RONDO_SANITIZE)  # with -Wmaybe-uninitialized, g++ 12 warns of its own headers under the sanitizers
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -O1 -g1
                        $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    add_link_options(-fsanitize=address,undefined)
endif()

# One room of the house: a static library whose headers are found from the project's root.
function(rondo_library name)
    add_library(${name} STATIC ${ARGN})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE warnings)
endfunction()
