#include "bridge/notification.hpp"
