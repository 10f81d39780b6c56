#include "common/certificate_store.hpp"

namespace coldwatch {

bool has_certificate_store() { return true; }

}  // namespace coldwatch
