"""What a proof's page says in every proof: its look, and its explanations. `{...}` is filled in by html.py."""

from __future__ import annotations

STYLE = """
body{max-width:52rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem}
h2{font-size:1.1rem;margin:2rem 0 .5rem;border-bottom:1px solid #bbb}
p{margin:.5rem 0}.lead{font-size:1.1rem}.small{color:#555;font-size:.9rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;border:1px solid #ccc;overflow-wrap:anywhere}
th{background:#f3f3f3;font-weight:600}.files td:first-child,.files th{white-space:nowrap}
td.before{background:#fdecea}td.after{background:#e9f6ec}td p{margin:0;white-space:pre-wrap}
code,pre{font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap}
pre{margin:.25rem 0;padding:.5rem .75rem;background:#f6f6f6;border-left:3px solid #888}
pre.answer{border-color:#27ae60}
ol>li{margin:.75rem 0}.seal{padding:.75rem 1rem;background:#f3f3f3;border-left:4px solid #27ae60}
@media print{body{margin:0;max-width:none}}
"""

HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title><style>{style}</style></head>
<body>
"""

INTRODUCTION = """
<p class="small">Source: {label} ({worth}). This page was made by Registry Watch, a program that fetches a
public page again and again, and compares what it says with what it said before. Where it sees a change, it
keeps the very answer of the web server in which it saw it. Below is what it kept, and how you can check
that nobody altered it since.</p>
"""

FILES = """
<p class="small">The files that are named here are in the folder that <code>watch evidence {event}</code>
makes. If you were given this page alone, ask for the folder.</p>
"""

CHECKS = """
<p>Every record that the program keeps has a hash (SHA-256), and a <i>link</i>: the hash of the link before
it and of the record's own hash. Whoever alters a record, or takes one away, has to make all later links
anew. These commands are run in a terminal, in the folder; what they print stands below them.</p>
"""

SEAL = """
<p class="seal">The link of this proof is <code>{link}</code>. Compare it with what others have: alerts say
its first 16 digits (<code>{start}</code>), and a copy of the chain may be kept elsewhere.</p>
"""

UNALTERED = """
<li><b>Nobody altered it later.</b> If the link above is known from elsewhere (an alert that was sent at the
time, a copy of the chain, a time stamp), then the pages, the times and the account of the change are those
of that moment.</li>
"""

STAMPED = """
<li><b>It existed then,</b> if the time stamp is of the authority that it names: its certificate came with the
stamp, and nobody has verified it here. Compare it with the one that the authority publishes. A stamp does not
say how old the records were.</li>
"""

NOT_STAMPED = """
<li><b>Not when, by the word of a third party.</b> The times are those of the computer that the program ran
on.</li>
"""

LIMITS = """
<li><b>Not who served it.</b> A web server does not sign its pages. The certificate is the one that it
showed, and the program checked it; but whoever runs the program could have made up other bytes. For that
you rely on them, or on others who saw the same.</li>
<li><b>Not what happened between the two checks.</b> The page may have changed more than once.</li>
"""
