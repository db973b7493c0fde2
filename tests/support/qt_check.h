// SPDX-License-Identifier: Apache-2.0
// A plain test body as one row of a Qt Test.
#pragma once

#include <QTest>

#include "tests/support/check.h"

namespace shortlist::test {

template <typename Body>
void runBody(Body body) {
    try {
        body();
    } catch (const std::exception& failure) {
        QFAIL(failure.what());
    }
}

}  // namespace shortlist::test
