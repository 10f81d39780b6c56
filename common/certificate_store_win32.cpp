#include "common/certificate_store.hpp"

namespace coldwatch {

bool has_certificate_store() { return false; }

}  // namespace coldwatch
