"""The pages for people, a module for each: it reads from the state, and fills the template of the same name.

`sign_in`   sign in by token or password, sign out
`today`     what changed since the last visit, what is held, what fails, what is checked next
`changes`   the log with filters; one change with its fields; mark as handled
"""
