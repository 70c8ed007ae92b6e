"""`watch doctor`: what an administrator asks first, each with what to do.

examine  program, configuration, machine and state; a fault of one examination is its finding
network  host names, certificates, proxies; nothing is fetched
"""
