# LibTorch as imported targets: torch::cpu, and torch::cuda where a CUDA toolkit is. Absent: neither, and a word about it.
# Not through its own find_package(Torch), which asks for nvcc and an architecture list.
set(torch_folder "${RONDO_TORCH}")
if(NOT torch_folder)  # where tools/setup-torch puts it
    execute_process(COMMAND ${PROJECT_SOURCE_DIR}/tools/setup-torch --where
                    OUTPUT_VARIABLE torch_folder OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
if(NOT EXISTS "${torch_folder}/include/ATen/ATen.h")
    message(STATUS "LibTorch: not here, so Rondo is built without training; tools/setup-torch brings it")
    return()
endif()
message(STATUS "LibTorch: ${torch_folder}")
set(torch_version "")
foreach(part MAJOR MINOR PATCH)
    file(STRINGS ${torch_folder}/include/torch/headeronly/version.h line REGEX "define TORCH_VERSION_${part} ")
    string(REGEX MATCH "[0-9]+$" number "${line}")
    list(APPEND torch_version ${number})
endforeach()
list(JOIN torch_version "." torch_version)
set_property(GLOBAL PROPERTY RONDO_TORCH_VERSION "${torch_version}")

function(torch_library name)
    add_library(torch::${name} SHARED IMPORTED)
    set_target_properties(torch::${name} PROPERTIES IMPORTED_LOCATION ${torch_folder}/lib/lib${name}.so)
endfunction()
torch_library(c10)
torch_library(torch_cpu)
add_library(torch::cpu INTERFACE IMPORTED)
target_include_directories(torch::cpu SYSTEM INTERFACE
                           ${torch_folder}/include ${torch_folder}/include/torch/csrc/api/include)
target_link_libraries(torch::cpu INTERFACE torch::torch_cpu torch::c10)

# Built where it can be loaded: with the toolkit's libraries and those that tools/setup-torch --cuda brings beside LibTorch's.
find_package(CUDAToolkit QUIET)
if(CUDAToolkit_FOUND AND EXISTS "${torch_folder}/lib/libcusparseLt.so.0")
    torch_library(c10_cuda)
    torch_library(torch_cuda)
    add_library(torch::cuda INTERFACE IMPORTED)
    # Its kernels register themselves when it is loaded: nothing names a symbol of it, so it must not be dropped as unneeded.
    # Its own dependencies are found by our run path only if that is an RPATH, hence no new tags.
    target_link_libraries(torch::cuda INTERFACE torch::cpu -Wl,--push-state,--no-as-needed torch::torch_cuda
                          torch::c10_cuda -Wl,--pop-state)
    target_link_options(torch::cuda INTERFACE -Wl,--allow-shlib-undefined -Wl,--disable-new-dtags
                        -Wl,-rpath,${CUDAToolkit_LIBRARY_DIR})
else()
    message(STATUS "LibTorch: for the CPU alone; the GPU needs a CUDA 13 toolkit and tools/setup-torch --cuda")
endif()
