"""A case for people and programs.

case_text  a case as text and as JSON
case_file  a case's page in a file
"""
