// The words of the command line.
#pragma once

#include <string>
#include <vector>

#include "agent/init.hpp"
#include "agent/service_manager.hpp"

namespace coldwatch {

/// What the command line says, as far as commands need it.
struct Arguments {
  std::string
      command;     // "" where there is nothing to do: help was asked for, or the words are wrong
  int status = 0;  // with which the program then ends; 2 for wrong words
  std::string config;
  std::vector<std::string> logs;
  std::string path;
  std::string library;
  std::string format = "auto";
  std::vector<std::string> options;
  std::string zone = "local";
  std::string event;
  InitAnswers answers;
  std::string service = kDefaultServiceName;
  std::string service_verb;  // install, uninstall, start or stop
  std::string hosted;        // the service as which the service manager started us
  bool as_json = false;
  bool console = false;
  bool beep = false;
};

/// Reads the words after the program's name; prints help, version and what is wrong. `library` is the
/// folder of the rule library where none is named.
Arguments read_command_line(std::vector<std::string> words, std::string library);

}  // namespace coldwatch
