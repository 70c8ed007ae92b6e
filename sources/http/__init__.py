"""The wire: from a `Get` to the `Page` that answers it.

Only this package imports httpx, aiohttp, httpcore and tenacity.

session       one check's requests: redirects, credentials, cookies, retries, deadline, limits
fetcher       what all sessions share: connections, trust, the address guard
request       addresses, and a `Get` as an httpx.Request
redirects     what an answer means: the page, an error, or the next request
retry         whether and when a failed attempt is repeated
transport     httpx over aiohttp, which reads HTTP in C and keeps the connections
httpcore_transport   httpx over httpcore: proxies, and servers whose HTTP aiohttp refuses
guard         which addresses may be dialled
resolver      names to addresses, in threads
progress      how far the request under way has come, and its deadline
tls           whom to trust; sessions that are resumed
headers       what is read in a response's headers, and which of a request's any host may see
transcript    what went over the wire, for evidence
errors        what httpx raises, as our errors
"""
