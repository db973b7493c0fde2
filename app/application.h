// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace shortlist::app {

// The whole windowed program; returns its exit status.
int run(int argc, char** argv);

}  // namespace shortlist::app
