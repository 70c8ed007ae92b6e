"""What a reading process may do: read pages, and nothing else. As far as the kernel can hold it.

confine     puts all of it in force, and says what this kernel has
landlock    no files but code
syscalls    no network, no programs
importable  which files may still be imported
"""
