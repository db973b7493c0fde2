// SPDX-License-Identifier: Apache-2.0
// One JSON text as config.json and as preprocessor_config.json.
#include "tests/fuzz/fuzz_decode.h"

#include "engine/torch/models/config.h"
#include "engine/torch/models/image_processor.h"
#include "engine/torch/weights/model_directory.h"

namespace {

using namespace shortlist;
using nlohmann::json;

template <typename Read>
void readOrRefuse(Read read) {
    try {
        read();
    } catch (const engine::Error&) {
    } catch (const json::exception&) {  // a value of the wrong type: the module names it
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const json config = json::parse(data, data + size, nullptr, false);
    if (!config.is_object())
        return 0;
    readOrRefuse([&] { torch_backend::readLabels(config); });
    readOrRefuse([&] { torch_backend::architectureOf(config); });
    readOrRefuse([&] { torch_backend::configInts(config, "depths", 1, 64); });
    for (const bool preprocessor : {true, false})
        readOrRefuse([&] {
            std::vector<std::string> notes;
            const torch_backend::ImageProcessor processor(preprocessor ? config : json(), preprocessor ? json() : config, notes);
            const uint8_t pixels[3] = {};
            processor.place({pixels, 1, 1, 3, 65535, 7});
        });
    return 0;
}
