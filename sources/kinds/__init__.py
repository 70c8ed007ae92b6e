"""The built-in kinds: the file name is the kind."""
