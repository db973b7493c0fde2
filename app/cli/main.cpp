// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"

int main(int argc, char** argv) { return shortlist::cli::run(argc, argv); }
