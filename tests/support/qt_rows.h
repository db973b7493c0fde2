// SPDX-License-Identifier: Apache-2.0
// Data rows that several tests share.
#pragma once

#include <QTest>

#include "tests/support/cases_topk.h"

namespace shortlist::test {

// One row a case of topkCases(), named after the device; column `index`.
inline void addTopkRows(const std::string& device) {
    QTest::addColumn<int>("index");
    const auto cases = topkCases();
    for (size_t i = 0; i < cases.size(); ++i)
        QTest::newRow((device + cases[i].name).c_str()) << static_cast<int>(i);
}

}  // namespace shortlist::test
