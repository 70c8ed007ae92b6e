"""A change as programs see it: one JSON object, and expressions over it.

change_json      the object, its types and its JSON Schema
webhook_body     the body of an event webhook, which fits
told_fields      what a change says, field by field, as every message and page tells it
condition        conditions of rules (`when`), checked and evaluated
evaluation       evaluates them within a bound
"""
