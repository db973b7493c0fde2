// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include "engine/outcome.h"

namespace shortlist::app {

// A translated sentence with the next step; the engine's English detail goes to the log and the tool tip.
QString errorSentence(const engine::Failure& failure);

// Why CUDA is not used, from engine::cudaObstacle(); empty when it can be.
QString cudaObstacleSentence();

}  // namespace shortlist::app
