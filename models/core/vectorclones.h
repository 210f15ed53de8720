// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Before a function with a loop over bytes: it is compiled for processors with vectors of 32 bytes and for all others, and the dynamic loader
/// takes the one that fits. Sanitizers start later than that choice is made, so with them there is one.
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#if !defined(__clang__)
#define FAULTLINE_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#endif
#endif
#ifndef FAULTLINE_VECTOR_CLONES
#define FAULTLINE_VECTOR_CLONES
#endif
