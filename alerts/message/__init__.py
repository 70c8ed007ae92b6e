"""From events to the message that tells them. Pure.

compose       title, text and HTML within what a service takes
titles        the subject
blocks        what a message says, line by line
change_lines  the lines of one change
summaries     the lines of a baseline, of health, of a test
citations     what an alert cites: records, and who spoke before
wording       values, times and counts in words; foreign text made harmless
html          the lines as HTML for mail
"""
