"""Composes the message about events. Pure.

compose       title, text and HTML within the service's limits
own_template  templates of a channel, in place of the usual message
recipient     what a service can show, and which alerts its channel gets
titles        the subject
blocks        the lines of a message, before they become text or HTML
overview      many events: failures of one host, the sum of the changes, and which of them are shown
change_lines  the lines of one change
summaries     the lines of a baseline, of health, of a test
questions     the lines of what somebody has to approve, or acknowledge
promises      which changes of a source are alerted to a channel
citations     what an alert cites: records, and earlier reports
wording       values, times and counts in words; makes foreign text harmless
formats       the lines as plain text, for mail and for chats
"""
