// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace shortlist::engine {

// Full path of a module file, e.g. "shortlist_torch": in SHORTLIST_BACKEND_DIR, else in <exe>/../lib.
std::string modulePath(const std::string& name);

// dlopen by full path; never closed. `global` makes its symbols visible to later modules. Throws Error(Backend)
// with the loader's own words.
void* openModule(const std::string& path, bool global);
// Address of a symbol of an open module; throws Error(Backend).
void* moduleSymbol(void* handle, const std::string& path, const char* name);

// <exe>/../share/shortlist, or SHORTLIST_RESOURCE_DIR: holds models/ and samples/.
std::string resourceDirectory();

// "everyday" -> the built-in model's directory; anything that names a directory stays as it is. Throws
// Error(Model) when there is neither.
std::string resolveModel(const std::string& nameOrDirectory);

}  // namespace shortlist::engine
