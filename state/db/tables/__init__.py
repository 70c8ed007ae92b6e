"""The tables. Statements are SQLAlchemy Core, so that they run on SQLite and PostgreSQL.

Migrations create the tables. Details that only they need are left out if they cost time: the `postgresql_where` of an
index would load SQLAlchemy's PostgreSQL dialect, which takes longer than a check. Each table takes a millisecond or two
to load: those of people who look or decide are modules of their own.

core      sources and entries, events, the outbox, what runs, what undoes a change, messages with buttons,
          pushes, and what is learned of each source; and the types of columns
rows      what those are made of whose rows are objects, which are SQLModel classes
evidence  files, records and proofs
people    approvals, reminders and snoozes, and what people did at the desk
readers   what each follows, and the letters about it
past      what others kept of a source before its first own snapshot
seldom    what was cleared, and the index of names; what engines of machine translation answered, and how changes
          were told with it
"""
