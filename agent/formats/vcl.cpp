#include "agent/formats/format.hpp"
namespace coldwatch {
extern const Format kVcl;
const Format kVcl{"vcl", "", false, nullptr, nullptr};
}
