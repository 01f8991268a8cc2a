// src/app/main.cpp: the program `shuke`.
#include "app/command_line.h"

int main(int argc, char** argv) { return shuke::app::run_command_line(argc, argv); }
