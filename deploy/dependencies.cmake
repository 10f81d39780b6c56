# Finds what coldwatch is built from, and wraps each in an interface target of ours, so that the
# differences between Debian's packages, vcpkg and a cross build stay in this file.
# docs/dependencies.md says why each is here.

function(coldwatch_interface name)
  add_library(${name} INTERFACE)
  target_link_libraries(${name} INTERFACE ${ARGN})
endfunction()

if(WIN32 AND CMAKE_CROSSCOMPILING AND NOT CMAKE_PREFIX_PATH)
  # Header-only libraries and Paho's headers do not depend on the platform: the ones of the
  # building machine serve a cross build. They are linked into a folder of their own, because the
  # whole of /usr/include would bring the wrong C library with it.
  set(stage ${CMAKE_BINARY_DIR}/host-headers)
  file(MAKE_DIRECTORY ${stage})
  foreach(entry nlohmann CLI mqtt MQTTAsync.h MQTTClient.h MQTTClientPersistence.h
                MQTTExportDeclarations.h MQTTProperties.h MQTTReasonCodes.h MQTTSubscribeOpts.h)
    if(EXISTS /usr/include/${entry})
      file(CREATE_LINK /usr/include/${entry} ${stage}/${entry} SYMBOLIC)
    endif()
  endforeach()
  add_library(coldwatch_json INTERFACE)
  target_include_directories(coldwatch_json SYSTEM INTERFACE ${stage})
  add_library(coldwatch_cli ALIAS coldwatch_json)
  add_library(coldwatch_paho ALIAS coldwatch_json)
  set(COLDWATCH_HAVE_PAHO OFF)
else()
  find_package(nlohmann_json REQUIRED)
  find_package(CLI11 REQUIRED)
  find_package(PahoMqttCpp REQUIRED)
  set(COLDWATCH_HAVE_PAHO ON)
  coldwatch_interface(coldwatch_json nlohmann_json::nlohmann_json)
  coldwatch_interface(coldwatch_cli CLI11::CLI11)
  if(TARGET PahoMqttCpp::paho-mqttpp3-static AND WIN32)
    coldwatch_interface(coldwatch_paho PahoMqttCpp::paho-mqttpp3-static)
  else()
    coldwatch_interface(coldwatch_paho PahoMqttCpp::paho-mqttpp3)
  endif()
endif()

# A cross build without a muParser for Windows makes an agent without expressions, which says so in
# `check`; vcpkg.json brings one.
find_package(muparser CONFIG)
set(COLDWATCH_HAVE_MUPARSER ${muparser_FOUND})
if(COLDWATCH_HAVE_MUPARSER)
  set(muparser_target muparser::muparser)
endif()

# The same for workbooks, which need zlib and expat.
if(NOT WIN32 OR NOT CMAKE_CROSSCOMPILING OR CMAKE_PREFIX_PATH)
  find_package(ZLIB)
  find_package(EXPAT)
endif()
set(COLDWATCH_HAVE_WORKBOOKS OFF)
if(ZLIB_FOUND AND EXPAT_FOUND)
  set(COLDWATCH_HAVE_WORKBOOKS ON)
  set(workbook_targets ZLIB::ZLIB EXPAT::EXPAT)
endif()

if(WIN32)
  coldwatch_interface(coldwatch_time_zones)
  coldwatch_interface(coldwatch_agent_parts ${muparser_target} ${workbook_targets})
  # One file that needs nothing installed: the C++ and thread runtimes go into the programs.
  add_link_options(-static)
else()
  find_package(date REQUIRED)
  coldwatch_interface(coldwatch_time_zones date::date-tz)
  coldwatch_interface(coldwatch_agent_parts ${muparser_target} ${workbook_targets})

  find_package(CURL REQUIRED)
  find_package(SQLite3 REQUIRED)
  find_package(OpenSSL REQUIRED)
  # Neither cairo nor kainjow/mustache (one header) brings a CMake package.
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo)
  find_path(COLDWATCH_MUSTACHE kainjow/mustache.hpp REQUIRED)
  coldwatch_interface(coldwatch_bridge_parts CURL::libcurl SQLite::SQLite3 OpenSSL::Crypto
                      PkgConfig::CAIRO)
  target_include_directories(coldwatch_bridge_parts SYSTEM INTERFACE ${COLDWATCH_MUSTACHE})
endif()
