"""Confines the subprocess that parses pages, as far as the kernel supports it.

confine     applies both filters, and reports what this kernel has
landlock    no files but code
syscalls    no network, no programs (seccomp)
importable  which files may still be imported
"""
