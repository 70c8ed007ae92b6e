"""What is said of the schedule.

why_due          why a source is checked next when it is, and a week of its rhythm
schedule_report  the budget, its use and the delays that are expected
"""
