// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>

#include "app/image_ref.h"

namespace shortlist::app {

// The pixels of an image with the engine's decoders and limits; transparency where a PNG has
// it. Null when it cannot be decoded: the outcome of the classification says why. Any thread.
// With `shortSide` a JPEG is scaled while it is decoded, to no less than twice that.
QImage decodeForView(const ImageRef& image, int shortSide = 0);

}  // namespace shortlist::app
