// SPDX-License-Identifier: Apache-2.0
// Header-only: thrown across the module boundary.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace shortlist::engine {

enum class ErrorKind : uint8_t {
    Unreadable,    // missing, or cannot be opened or read
    Unsupported,   // no known magic
    BadImage,      // known magic, but the decoder refuses it
    TooLarge,      // over a limit
    Nonfinite,     // NaN or +inf among the scores
    OutOfMemory,
    Cancelled,
    Backend,       // the model or its device failed while scoring
    Model,         // the model directory cannot be used
    Device,        // the device asked for cannot be used
    Output,        // results cannot be written
    Usage,         // what was asked for makes no sense: labels, a prompt, limits
    Internal,
};

// The name that records use.
inline const char* errorKindName(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::Unreadable: return "unreadable";
        case ErrorKind::Unsupported: return "unsupported";
        case ErrorKind::BadImage: return "bad_image";
        case ErrorKind::TooLarge: return "too_large";
        case ErrorKind::Nonfinite: return "nonfinite";
        case ErrorKind::OutOfMemory: return "out_of_memory";
        case ErrorKind::Cancelled: return "cancelled";
        case ErrorKind::Backend: return "backend";
        case ErrorKind::Model: return "model";
        case ErrorKind::Device: return "device";
        case ErrorKind::Output: return "output";
        case ErrorKind::Usage: return "usage";
        case ErrorKind::Internal: return "internal";
    }
    return "internal";
}

// Thrown below the loops; one catch site per thread turns it into an Outcome. The message is an English sentence
// that says what to do next.
class __attribute__((visibility("default"))) Error : public std::runtime_error {
  public:
    Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), m_kind(kind) {}
    ErrorKind kind() const { return m_kind; }

  private:
    ErrorKind m_kind;
};

}  // namespace shortlist::engine
