// src/app/command_line.h: the stable command line of `shuke`.
#pragma once

namespace shuke::app {

// Parses, runs one subcommand, prints; returns the exit code (context.h).
int run_command_line(int argc, char** argv);

}  // namespace shuke::app
