"""How the sources fare, as `watch status` shows it.

standing    one source, beside its configuration
overview    all of them, and what else the state tells; as JSON
text        the same as text
one         one source alone, with why it is checked next and what is held of it
"""
