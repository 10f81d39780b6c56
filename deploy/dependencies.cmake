# Finds what coldwatch is built from, and wraps each in an interface target of ours, so that the
# differences between Debian's packages, vcpkg and a cross build stay in this file.
# docs/dependencies.md says why each is here.

function(coldwatch_interface name)
  add_library(${name} INTERFACE)
  target_link_libraries(${name} INTERFACE ${ARGN})
endfunction()

# Headers that do not depend on the platform: in a cross build the ones of the building machine serve
# where CMAKE_PREFIX_PATH has none. They are linked into a folder of their own, because the whole of
# /usr/include would bring the wrong C library with it.
function(coldwatch_host_headers name)
  set(stage ${CMAKE_BINARY_DIR}/host-headers/${name})
  file(MAKE_DIRECTORY ${stage})
  foreach(entry ${ARGN})
    file(CREATE_LINK /usr/include/${entry} ${stage}/${entry} SYMBOLIC)
  endforeach()
  add_library(${name} INTERFACE)
  target_include_directories(${name} SYSTEM INTERFACE ${stage})
endfunction()

set(cross_to_windows OFF)
set(required REQUIRED)
if(WIN32 AND CMAKE_CROSSCOMPILING)
  set(cross_to_windows ON)
  set(required QUIET)
endif()

find_package(nlohmann_json ${required})
if(nlohmann_json_FOUND)
  coldwatch_interface(coldwatch_json nlohmann_json::nlohmann_json)
else()
  coldwatch_host_headers(coldwatch_json nlohmann)
endif()

find_package(CLI11 ${required})
if(CLI11_FOUND)
  coldwatch_interface(coldwatch_cli CLI11::CLI11)
else()
  coldwatch_host_headers(coldwatch_cli CLI)
endif()

find_package(PahoMqttCpp ${required})
set(COLDWATCH_HAVE_PAHO ${PahoMqttCpp_FOUND})
if(TARGET PahoMqttCpp::paho-mqttpp3-static AND WIN32)
  coldwatch_interface(coldwatch_paho PahoMqttCpp::paho-mqttpp3-static)
elseif(COLDWATCH_HAVE_PAHO)
  coldwatch_interface(coldwatch_paho PahoMqttCpp::paho-mqttpp3)
else()
  coldwatch_host_headers(coldwatch_paho mqtt MQTTAsync.h MQTTClient.h MQTTClientPersistence.h
                         MQTTExportDeclarations.h MQTTProperties.h MQTTReasonCodes.h
                         MQTTSubscribeOpts.h)
endif()

# A cross build without a muParser for Windows makes an agent without expressions, which says so in
# `check`; vcpkg.json brings one.
find_package(muparser CONFIG)
set(COLDWATCH_HAVE_MUPARSER ${muparser_FOUND})
if(COLDWATCH_HAVE_MUPARSER)
  set(muparser_target muparser::muparser)
endif()

# The same for workbooks, which need zlib and expat.
if(NOT cross_to_windows OR CMAKE_PREFIX_PATH)
  find_package(ZLIB)
  find_package(EXPAT)
endif()
set(COLDWATCH_HAVE_WORKBOOKS OFF)
if(ZLIB_FOUND AND EXPAT_FOUND)
  set(COLDWATCH_HAVE_WORKBOOKS ON)
  set(workbook_targets ZLIB::ZLIB EXPAT::EXPAT)
endif()

# The agent loads libcurl when a config asks for a live source over HTTP, and needs its headers only.
find_path(COLDWATCH_CURL_HEADERS curl/curl.h NO_CMAKE_FIND_ROOT_PATH REQUIRED
          PATHS /usr/include/${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu)
add_library(coldwatch_curl_headers INTERFACE)
if(cross_to_windows)
  set(stage ${CMAKE_BINARY_DIR}/host-headers/coldwatch_curl_headers)
  file(MAKE_DIRECTORY ${stage})
  file(CREATE_LINK ${COLDWATCH_CURL_HEADERS}/curl ${stage}/curl SYMBOLIC)
  target_include_directories(coldwatch_curl_headers SYSTEM INTERFACE ${stage})
else()
  target_include_directories(coldwatch_curl_headers SYSTEM INTERFACE ${COLDWATCH_CURL_HEADERS})
endif()

if(WIN32)
  coldwatch_interface(coldwatch_time_zones)
  coldwatch_interface(coldwatch_agent_parts ${muparser_target} ${workbook_targets}
                      coldwatch_curl_headers ws2_32)
  # One file that needs nothing installed: the C++ and thread runtimes go into the programs.
  add_link_options(-static)
else()
  find_package(date REQUIRED)
  coldwatch_interface(coldwatch_time_zones date::date-tz)
  coldwatch_interface(coldwatch_agent_parts ${muparser_target} ${workbook_targets}
                      coldwatch_curl_headers ${CMAKE_DL_LIBS})

  find_package(CURL REQUIRED)
  find_package(SQLite3 REQUIRED)
  find_package(simdjson REQUIRED)
  find_package(OpenSSL REQUIRED)
  # None of cairo, jemalloc and kainjow/mustache (one header) brings a CMake package.
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo)
  find_path(COLDWATCH_MUSTACHE kainjow/mustache.hpp REQUIRED)
  coldwatch_interface(coldwatch_bridge_parts CURL::libcurl SQLite::SQLite3 simdjson::simdjson
                      OpenSSL::Crypto PkgConfig::CAIRO)
  target_include_directories(coldwatch_bridge_parts SYSTEM INTERFACE ${COLDWATCH_MUSTACHE})

  # Of the bridge as it is shipped only: the sanitizers bring an allocator of their own.
  coldwatch_interface(coldwatch_allocator)
  if(NOT COLDWATCH_SANITIZE AND NOT COLDWATCH_FUZZ)
    pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
    target_link_libraries(coldwatch_allocator INTERFACE PkgConfig::JEMALLOC)
  endif()
endif()
