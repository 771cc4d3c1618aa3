//! The command: exit codes, files, refusals.
