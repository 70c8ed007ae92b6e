"""Composes the message about events. Pure.

compose       title, text and HTML within the service's limits
own_template  templates of a channel, in place of the usual message
recipient     what a service can show, and which alerts its channel gets
titles        the subject
lines         the lines of a message, before they become text or HTML
change_lines  the lines of one change
notices       the lines of a baseline, of health, of a test, and of what somebody has to answer
citations     what an alert cites: records, and earlier reports
wording       values, times and counts in words; foreign text made harmless for chat and mail
forms         the lines as plain text, for chats and for mail
"""
