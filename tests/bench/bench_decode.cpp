// SPDX-License-Identifier: Apache-2.0
// bench_decode [DIR]
// Decoding, one thread unless said: `fast` against `exact` with the resize that follows, on 12-megapixel photographs (samples
// enlarged, 4:2:0, baseline and progressive); our JPEG path against cv::imdecode on 500 x 375; two threads against one. With DIR,
// how often the built-in model's best candidate is the same in both modes on its photographs, enlarged. Prints JSON.
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "engine/decode.h"
#include "engine/engine.h"
#include "kernels/image_to_tensor.h"
#include "tests/bench/bench_timer.h"

namespace shortlist::bench {
namespace {

using Json = nlohmann::ordered_json;
using Bytes = std::vector<uint8_t>;


Bytes jpegOf(const std::string& file, cv::Size size, bool progressive) {
    cv::Mat image;
    cv::resize(cv::imread(file), image, size, 0, 0, cv::INTER_CUBIC);
    Bytes bytes;
    cv::imencode(".jpg", image, bytes, {cv::IMWRITE_JPEG_QUALITY, 90, cv::IMWRITE_JPEG_PROGRESSIVE, progressive});
    return bytes;
}

// Levels of a model's input window, [target, target, 3].
std::vector<float> inputOf(const Bytes& bytes, int target, bool fast) {
    const engine::DecodedImage image = engine::decodeImage(bytes, {fast ? target : 0});
    const auto shortSide = static_cast<int64_t>(std::min(image.full_width, image.full_height));
    const auto width = static_cast<int32_t>(int64_t{target} * image.full_width / shortSide), height = static_cast<int32_t>(int64_t{target} * image.full_height / shortSide);
    const kernels::ImageSource source{image.pixels.data(), image.width, image.height, 3 * static_cast<int64_t>(image.width), width, height, (width - target) / 2, (height - target) / 2};
    kernels::ImageToTensorArgs args;
    args.images = &source;
    args.count = 1;
    args.out_width = args.out_height = target;
    args.layout = kernels::Layout::Nhwc;
    args.rescale = 1;
    std::vector<float> out(static_cast<size_t>(3 * target * target));
    kernels::imageToTensor(args, out.data(), {});
    return out;
}

Json compared(const char* a, Side& first, const char* b, Side& second) {
    const Timing one = first.timing(), two = second.timing();
    return {{std::string(a) + "_us", {{"best", one.best}, {"median", one.median}}}, {std::string(b) + "_us", {{"best", two.best}, {"median", two.median}}},
            {"ratio_median", one.median / two.median}, {"ratio_best", one.best / two.best}};
}

Json fastAgainstExact(const std::string& sample, int target, bool progressive) {
    const Bytes bytes = jpegOf(sample, {4000, 3000}, progressive);
    const std::vector<float> slow = inputOf(bytes, target, false), quick = inputOf(bytes, target, true);
    double difference = 0;
    for (size_t i = 0; i < slow.size(); ++i)
        difference += std::fabs(slow[i] - quick[i]) / static_cast<double>(slow.size());
    if (difference > 3)
        throw std::runtime_error("fast and exact differ by " + std::to_string(difference) + " levels on average");
    Side exact{[&](int64_t) { inputOf(bytes, target, false); }, {}}, fast{[&](int64_t) { inputOf(bytes, target, true); }, {}};
    measureInterleaved({&exact, &fast}, 8, 1);
    Json json = compared("exact", exact, "fast", fast);
    json["mean_level_difference"] = difference;
    return json;
}

Json againstOpenCv(const std::string& sample) {
    const Bytes bytes = jpegOf(sample, {500, 375}, false);
    const cv::Mat theirs = cv::imdecode(bytes, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
    const engine::DecodedImage ours = engine::decodeImage(bytes);
    for (int y = 0; y < theirs.rows; ++y)
        for (int x = 0; x < 3 * theirs.cols; ++x)
            if (std::abs(theirs.at<cv::Vec3b>(y, x / 3)[2 - x % 3] - ours.pixels[static_cast<size_t>(y * 3 * theirs.cols + x)]) > 0)
                throw std::runtime_error("OpenCV decodes other pixels");
    Side mine{[&](int64_t) { engine::decodeImage(bytes); }, {}}, opencv{[&](int64_t) { cv::imdecode(bytes, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION); }, {}};
    measureInterleaved({&opencv, &mine}, 20, 20000);
    return compared("opencv", opencv, "ours", mine);
}

Json twoThreads(const std::string& sample) {
    constexpr int kImages = 400;
    const Bytes bytes = jpegOf(sample, {500, 375}, false);
    const auto decodeAll = [&](int threads) {
        std::atomic<int> next{0};
        std::vector<std::jthread> pool;
        for (int t = 0; t < threads; ++t)
            pool.emplace_back([&] {
                while (next++ < kImages)
                    engine::decodeImage(bytes);
            });
    };
    Side one{[&](int64_t) { decodeAll(1); }, {}}, two{[&](int64_t) { decodeAll(2); }, {}};
    measureInterleaved({&one, &two}, 4, 1);
    return compared("one_thread", one, "two_threads", two);
}

// Best class of each photograph, in order.
std::vector<int32_t> bestOf(const std::vector<Bytes>& photographs, engine::DecodeMode mode) {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<int32_t> best(photographs.size(), -1);
    size_t done = 0;
    bool ready = false;
    engine::EngineConfig config;
    config.decode = mode;
    engine::Engine engine(std::move(config), [&](engine::Outcome&& outcome) {
        const std::scoped_lock lock(mutex);
        best[outcome.id] = outcome.ok() ? outcome.candidates[0].index : -1;
        ++done;
        changed.notify_one();
    }, [&](const engine::ModelStatus& status) {
        const std::scoped_lock lock(mutex);
        ready = status.state == engine::ModelState::Ready;
        changed.notify_one();
    });
    engine.loadModel({"everyday", "cpu", "auto", 0});
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return ready; });
    lock.unlock();
    for (size_t i = 0; i < photographs.size(); ++i)
        engine.submit({i, 0, "photograph", std::make_shared<const Bytes>(photographs[i]), false});
    lock.lock();
    changed.wait(lock, [&] { return done == photographs.size(); });
    return best;
}

Json agreement(const std::string& directory, cv::Size size, bool progressive) {
    constexpr size_t kPhotographs = 150;
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
        if (entry.path().extension() == ".jpg")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<Bytes> photographs;
    for (size_t i = 0; i < files.size(); i += std::max<size_t>(1, files.size() / kPhotographs))
        photographs.push_back(jpegOf(files[i], size, progressive));
    const auto exact = bestOf(photographs, engine::DecodeMode::Exact), fast = bestOf(photographs, engine::DecodeMode::Fast);
    int same = 0;
    for (size_t i = 0; i < exact.size(); ++i)
        same += exact[i] == fast[i] && exact[i] >= 0;
    return {{"photographs", photographs.size()}, {"same_best", same}};
}

}  // namespace
}  // namespace shortlist::bench

int main(int argc, char** argv) {
    using namespace shortlist::bench;
    const std::string sample = SHORTLIST_SOURCE_DIR "/resources/samples/temple.jpg";
    try {
        Json report;
        for (const int target : {96, 224})  // the built-in model's short side, and a usual one
            for (const bool progressive : {false, true})
                report[std::string("fast_12mp_to_") + std::to_string(target) + (progressive ? "_progressive" : "_baseline")] = fastAgainstExact(sample, target, progressive);
        report["jpeg_500x375"] = againstOpenCv(sample);
        report["threads_500x375"] = twoThreads(sample);
        if (argc > 1)
            for (const bool progressive : {false, true})
                for (const cv::Size size : {cv::Size(4000, 3000), cv::Size(1600, 1200)})  // scaled to 1/8 and to 1/4
                    report["agreement"][std::to_string(size.width) + (progressive ? " progressive" : " baseline")] = agreement(argv[1], size, progressive);
        std::printf("%s\n", report.dump(1).c_str());
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_decode: %s\n", error.what());
        return 1;
    }
}
