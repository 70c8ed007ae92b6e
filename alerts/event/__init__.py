"""A change as programs see it: one JSON object, and expressions over it.

change_json      the object, its types and its JSON Schema
condition        conditions of rules (`when`), checked and evaluated
payload          the body of an event webhook
"""
