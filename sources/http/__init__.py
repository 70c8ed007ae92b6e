"""HTTP: from a `Get` to the `Page` that answers it.

Only this package imports httpx, aiohttp, httpcore and tenacity.

session       one check's requests: redirects, credentials, cookies, retries, deadline, limits; the Fetcher that makes
              sessions, with what they share; a document that is posted once
connections   which transport sends a request
exchange      addresses; a request to one of them; what a response says: the page, an error, or the next request
transport     httpx over aiohttp, which parses HTTP in C and pools connections
httpcore_transport   httpx over httpcore: proxies, and servers whose HTTP aiohttp refuses
resume        what is kept of large bodies that broke off, and the requests for the rest
course        how far the checks under way are with what is large
guard         which addresses may be connected to; host names to addresses, in threads
robots        what a site's robots.txt asks of programs
tls           trusted authorities; TLS session resumption
errors        how far a request is, and httpx's exceptions as our errors
"""

import sys

# httpx imports its own command line where Click is installed, and with it Rich and Pygments: 40 ms of each start.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
