"""What changed in a period, by source and entity, and how closely the sources were watched: `watch report`.

gather      the facts, from the state, and as JSON
printing    the facts as text
rows        the changes and the sources as rows of a file
page        both as one page of HTML
"""
