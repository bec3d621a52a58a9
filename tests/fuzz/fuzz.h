// fuzz.h: any bytes in, diagnostics out. Each program has one entry point, in the form that libFuzzer calls.
#pragma once
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
