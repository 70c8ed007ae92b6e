"""From events to the message that tells them. Pure.

compose       title, text and HTML within what a service takes
recipient     what a service shows, and what its channel hears of
titles        the subject
blocks        what a message says, line by line
overview      many changes: their sum, and which of them are shown
change_lines  the lines of one change
summaries     the lines of a baseline, of health, of a test
promises      what the summary of a source promises to a channel
failures      sources of one host that fail together
citations     what an alert cites: records, and who spoke before
wording       values, times and counts in words; foreign text made harmless
text          the lines as plain text
runs          lines that mail and chats show as one thing
mail          the lines as a document for mail
chat          the lines for chats: bold, links, quotes
"""
