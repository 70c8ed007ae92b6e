"""HTTP: from a `Get` to the `Page` that answers it.

Only this package imports httpx, aiohttp, httpcore and tenacity.

session       one check's requests: redirects, credentials, cookies, retries, deadline, limits
posting       a document that is posted once, for webhooks
fetcher       what all sessions share: connections, trust, the address guard
request       addresses, and a `Get` as an httpx.Request
redirects     classifies a response: the page, an error, or the next request
retry         whether and when a failed attempt is repeated
transport     httpx over aiohttp, which parses HTTP in C and pools connections
httpcore_transport   httpx over httpcore: proxies, and servers whose HTTP aiohttp refuses
guard         which addresses may be connected to
robots        what a site's robots.txt asks of programs
resolver      host names to addresses, in threads
progress      the stage of the current request, and its deadline
tls           trusted authorities; TLS session resumption
headers       parses response headers; selects the request headers that are no credentials
witness       what is recorded of a response for evidence
errors        httpx's exceptions as our errors
"""

import sys

# httpx imports its own command line where Click is installed, and with it Rich and Pygments: 40 ms of each start.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
