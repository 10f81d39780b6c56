#include "common/mqtt_session.hpp"
