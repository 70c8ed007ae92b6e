"""What waits for people.

approvals   messages for the public that somebody has to approve
reminders   changes that somebody has to acknowledge
"""
