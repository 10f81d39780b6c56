# What a fridge PC with Windows gets, made by `--target packages` where the agent was linked: a zip for
# people without rights on the PC, and an installer where NSIS is installed.
set(zip_folder coldwatch-agent-${PROJECT_VERSION})
set(zip_stage ${CMAKE_BINARY_DIR}/package-files)
set(zip_file ${CMAKE_BINARY_DIR}/packages/${zip_folder}-windows.zip)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
add_custom_target(windows_zip
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${zip_stage}/${zip_folder}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${zip_stage}/${zip_folder}
  COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_FILE:coldwatch-agent> ${CMAKE_SOURCE_DIR}/LICENSE
          ${CMAKE_SOURCE_DIR}/deploy/windows/third-party.txt
          ${CMAKE_SOURCE_DIR}/deploy/windows/README.txt ${CMAKE_SOURCE_DIR}/config/agent.json
          ${zip_stage}/${zip_folder}
  COMMAND ${CMAKE_COMMAND} -E copy_directory ${CMAKE_SOURCE_DIR}/config/rules
          ${zip_stage}/${zip_folder}/rules
  COMMAND ${CMAKE_COMMAND} -E chdir ${zip_stage}
          ${CMAKE_COMMAND} -E tar cf ${zip_file} --format=zip ${zip_folder}
  DEPENDS coldwatch-agent VERBATIM)
add_custom_target(packages DEPENDS windows_zip)

find_program(COLDWATCH_MAKENSIS makensis)
if(COLDWATCH_MAKENSIS)
  # Debian's NSIS makes 64-bit installers; the one of Windows makes 32-bit ones, which run as well.
  if(NOT CMAKE_HOST_WIN32)
    set(installer_target -DTARGET=amd64-unicode)
  endif()
  add_custom_target(windows_installer
    COMMAND ${COLDWATCH_MAKENSIS} -V2 -WX -DVERSION=${PROJECT_VERSION} ${installer_target}
            -DPROGRAM=$<TARGET_FILE:coldwatch-agent> -DSOURCE=${CMAKE_SOURCE_DIR}
            -DOUTPUT=${CMAKE_BINARY_DIR}/packages/${zip_folder}-setup.exe
            ${CMAKE_SOURCE_DIR}/deploy/windows/installer.nsi
    DEPENDS coldwatch-agent VERBATIM)
  add_dependencies(packages windows_installer)
endif()
