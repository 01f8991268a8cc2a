#include <dlfcn.h>

#include <stdexcept>

#include "segments/peer.h"

namespace shuke::bench {

SharedLibrary::SharedLibrary(const std::filesystem::path& file)
    : handle_(::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) throw std::runtime_error(std::string(::dlerror()) + "; run scripts/setup --for bench");
}

void* SharedLibrary::symbol(const char* name) const {
    void* found = ::dlsym(handle_, name);
    if (found == nullptr) throw std::runtime_error(std::string("no function ") + name);
    return found;
}

}  // namespace shuke::bench
