"""The kinds that come with the program: the file name is the kind."""
