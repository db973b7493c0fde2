// SPDX-License-Identifier: Apache-2.0
#include "engine/modules.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>

#include "engine/error.h"

namespace shortlist::engine {
namespace {

namespace fs = std::filesystem;

fs::path executableDirectory() {
    std::error_code ignored;
    return fs::read_symlink("/proc/self/exe", ignored).parent_path();
}

}  // namespace

std::string modulePath(const std::string& name) {
    const std::string file = "lib" + name + ".so";
    if (const char* dir = std::getenv("SHORTLIST_BACKEND_DIR"))
        return (fs::path(dir) / file).string();
    return (executableDirectory().parent_path() / "lib" / file).string();
}

void* openModule(const std::string& path, bool global) {
    void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_NODELETE | (global ? RTLD_GLOBAL : RTLD_LOCAL));
    if (!handle) {
        const char* reason = dlerror();
        throw Error(ErrorKind::Backend, "The module " + path + " cannot be opened: " + (reason ? reason : "unknown reason") +
                                            ". Build it again with packaging/run.");
    }
    return handle;
}

void* moduleSymbol(void* handle, const std::string& path, const char* name) {
    void* symbol = dlsym(handle, name);
    if (!symbol)
        throw Error(ErrorKind::Backend, "The module " + path + " has no " + name + ": it belongs to another version.");
    return symbol;
}

std::string resourceDirectory() {
    if (const char* dir = std::getenv("SHORTLIST_RESOURCE_DIR"))
        return dir;
    return (executableDirectory().parent_path() / "share" / "shortlist").string();
}

std::string resolveModel(const std::string& nameOrDirectory) {
    std::error_code ignored;
    const fs::path builtIn = fs::path(resourceDirectory()) / "models" / nameOrDirectory;
    const bool plainName = nameOrDirectory.find('/') == std::string::npos;
    if (plainName && !nameOrDirectory.empty() && fs::is_directory(builtIn, ignored))
        return builtIn.string();
    if (fs::is_directory(nameOrDirectory, ignored))
        return nameOrDirectory;
    throw Error(ErrorKind::Model, "There is no model \"" + nameOrDirectory +
                                      "\": give a built-in name (everyday) or a model directory with config.json.");
}

}  // namespace shortlist::engine
