"""The program: configuration, the cycle, the daemon and the command line."""
