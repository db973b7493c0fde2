// SPDX-License-Identifier: Apache-2.0
// Checks of test bodies that run without Qt, under Qt Test here and in a plain program on a bare GPU server.
#pragma once

#include <stdexcept>
#include <string>

namespace shortlist::test {

struct CheckFailed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline void check(bool condition, const std::string& what) {
    if (!condition)
        throw CheckFailed(what);
}

// True when `call` throws an Error whose message holds `text`.
template <typename Error, typename Call>
void checkThrows(Call call, const std::string& text) {
    try {
        call();
    } catch (const Error& error) {
        check(std::string(error.what()).find(text) != std::string::npos, "the message \"" + std::string(error.what()) + "\" does not hold \"" + text + "\"");
        return;
    }
    throw CheckFailed("nothing was thrown where \"" + text + "\" was expected");
}

}  // namespace shortlist::test
