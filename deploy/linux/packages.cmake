# The Debian packages coldwatch-agent and coldwatch-bridge: `cmake --build --preset release --target
# packages` leaves them in build/release/packages. Their texts stand in deploy/linux/debian.
include(GNUInstallDirs)
find_package(Python3 COMPONENTS Interpreter)
find_program(COLDWATCH_GZIP gzip)
if(NOT Python3_FOUND OR NOT COLDWATCH_GZIP)
  message(STATUS "No packages: python3 and gzip make their man pages")
  return()
endif()

set(debian ${CMAKE_SOURCE_DIR}/deploy/linux/debian)
set(staged ${CMAKE_BINARY_DIR}/package-files)
file(STRINGS ${debian}/changelog newest_entry LIMIT_COUNT 1)
if(NOT newest_entry MATCHES "^coldwatch \\(${PROJECT_VERSION}\\) ")
  message(FATAL_ERROR "${debian}/changelog: found \"${newest_entry}\" first, expected an entry of "
                      "version ${PROJECT_VERSION}")
endif()

# The explained config with the package's own places in it; `pairs` are texts and what replaces them.
function(coldwatch_packaged_config name)
  file(READ ${CMAKE_SOURCE_DIR}/config/${name} text)
  set(pairs ${ARGN})
  while(pairs)
    list(POP_FRONT pairs found replacement)
    string(FIND "${text}" "${found}" place)
    if(place EQUAL -1)
      message(FATAL_ERROR "config/${name} does not have ${found}, which its package replaces")
    endif()
    string(REPLACE "${found}" "${replacement}" text "${text}")
  endwhile()
  file(CONFIGURE OUTPUT ${staged}/${name} CONTENT "${text}" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/config/${name})
endfunction()

function(coldwatch_zipped source target)
  add_custom_command(OUTPUT ${target} COMMAND ${COLDWATCH_GZIP} -9nc ${source} > ${target}
                     DEPENDS ${source} VERBATIM)
endfunction()

# What the man page and the completion of a program are made from is its own --help.
function(coldwatch_command_text program kind output)
  set(script ${CMAKE_SOURCE_DIR}/deploy/linux/command_texts.py)
  add_custom_command(OUTPUT ${output}
                     COMMAND Python3::Interpreter ${script} ${kind} $<TARGET_FILE:${program}>
                             ${debian}/${program}.man > ${output}
                     DEPENDS ${program} ${script} ${debian}/${program}.man VERBATIM)
endfunction()

function(coldwatch_package component)
  set(program coldwatch-${component})
  set(to ${staged}/${program})
  file(MAKE_DIRECTORY ${to})
  coldwatch_command_text(${program} man ${to}/${program}.1)
  coldwatch_command_text(${program} completion ${to}/completion)
  coldwatch_zipped(${to}/${program}.1 ${to}/${program}.1.gz)
  coldwatch_zipped(${debian}/changelog ${to}/changelog.gz)
  add_custom_target(${program}-texts
                    DEPENDS ${to}/${program}.1.gz ${to}/completion ${to}/changelog.gz)
  set(scripts)
  foreach(script postinst prerm postrm)
    configure_file(${debian}/${script}.in ${to}/${script} @ONLY
                   FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                    WORLD_READ WORLD_EXECUTE)
    list(APPEND scripts ${to}/${script})
  endforeach()
  file(WRITE ${to}/conffiles "/etc/coldwatch/${component}.json\n")
  list(APPEND scripts ${to}/conffiles)

  set(documents ${CMAKE_INSTALL_DATADIR}/doc/${program})
  install(TARGETS ${program} RUNTIME DESTINATION bin COMPONENT ${component})
  install(FILES ${CMAKE_SOURCE_DIR}/deploy/linux/${program}.service DESTINATION lib/systemd/system
          COMPONENT ${component})
  install(FILES ${staged}/${component}.json DESTINATION /etc/coldwatch COMPONENT ${component})
  install(FILES ${to}/${program}.1.gz DESTINATION share/man/man1 COMPONENT ${component})
  install(FILES ${to}/completion DESTINATION share/bash-completion/completions RENAME ${program}
          COMPONENT ${component})
  install(FILES ${to}/changelog.gz ${debian}/copyright DESTINATION ${documents}
          COMPONENT ${component})
  install(FILES ${debian}/${program}.README.Debian DESTINATION ${documents} RENAME README.Debian
          COMPONENT ${component})

  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${program} PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA "${scripts}" PARENT_SCOPE)
endfunction()

coldwatch_packaged_config(agent.json
  "\"folder\": \"C:/Oxford Instruments/LogFiles/triton1\"" "\"folder\": \"/srv/fridge/logs\""
  "\"rule_library_folder\": \"rules\"" "\"rule_library_folder\": \"/usr/share/coldwatch/rules\""
  "The folder is \"rules\" beside this file." "The folder comes with this package."
  "\"state_file\": \"triton1.state.json\"" "\"state_file\": \"/var/lib/coldwatch/agent/state.json\"")
coldwatch_packaged_config(bridge.json
  "\"store\": \"bridge.sqlite\"" "\"store\": \"/var/lib/coldwatch/bridge/bridge.sqlite\"")
coldwatch_package(agent)
coldwatch_package(bridge)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/config/rules DESTINATION share/coldwatch COMPONENT agent
        FILES_MATCHING PATTERN "*.json")

set(CPACK_GENERATOR DEB)
set(CPACK_SOURCE_GENERATOR "")
set(CPACK_COMPONENTS_ALL agent bridge)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
    GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGE_CONTACT "Coldwatch maintainers <maintainers@coldwatch.invalid>")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SOURCE coldwatch)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, tzdata")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_COMPONENT_AGENT_DESCRIPTION "watches the log of one cryostat and publishes it to MQTT
Follows the log that the cryostat's own control software writes, evaluates
rules, and publishes readings and alarms to an MQTT broker. The log is only
ever read. Nothing is lost while the broker is away.")
set(CPACK_COMPONENT_BRIDGE_DESCRIPTION "merges the alarms of cryostats and delivers messages
Subscribes to the alarms that coldwatch-agent publishes for each cryostat,
turns them into as few messages as people need, and delivers these by mail,
web hook and chat services until they have arrived.")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_BRIDGE_PACKAGE_SUGGESTS mosquitto)
include(CPack)

add_custom_target(packages
                  COMMAND ${CMAKE_CPACK_COMMAND} --config ${CMAKE_BINARY_DIR}/CPackConfig.cmake
                  DEPENDS coldwatch-agent-texts coldwatch-bridge-texts
                  WORKING_DIRECTORY ${CMAKE_BINARY_DIR} USES_TERMINAL VERBATIM)
