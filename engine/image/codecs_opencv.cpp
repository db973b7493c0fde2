// SPDX-License-Identifier: Apache-2.0
#include "engine/image/codecs_opencv.h"

#include <cstdio>
#include <exception>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace {

int refuse(char* message, size_t capacity, const char* text) {
    std::snprintf(message, capacity, "%s", text);
    return 1;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int shortlist_codecs_decode_v1(const uint8_t* data, size_t size,
                                                                                 uint8_t* rgb, int32_t width,
                                                                                 int32_t height, char* message,
                                                                                 size_t capacity) {
    try {
        const cv::Mat encoded(1, static_cast<int>(size), CV_8UC1, const_cast<uint8_t*>(data));
        const cv::Mat bgr = cv::imdecode(encoded, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
        if (bgr.empty())
            return refuse(message, capacity, "it is damaged or truncated.");
        if (bgr.cols != width || bgr.rows != height)
            return refuse(message, capacity, "its pixels do not have the size its header states.");
        cv::Mat out(height, width, CV_8UC3, rgb);
        cv::cvtColor(bgr, out, cv::COLOR_BGR2RGB);
        return 0;
    } catch (const std::exception& error) {
        return refuse(message, capacity, error.what());
    }
}
