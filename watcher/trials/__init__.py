"""What would be, without doing it: nothing is sent but a test alert, and a source's own state stays as it is.

try_source   reads one source without checking it, and whether a check would find that suspicious
captures     kinds read against saved pages; the pages of a source and what its kind read, for others to look at
held         a held snapshot: what it would bring, and taking it
replay       checks a source over pages of the past: saved ones, or those kept as evidence
saved_pages  reads a saved page in place of a site; the saved pages of a folder in their order
previews     what an object of the configuration would do before it is saved; which rules are for a change, and why
             others are not
"""
