"""`watch doctor`: what an administrator asks first, each with what to do.

examine  program, configuration, machine and state; the network
         (a connection is made and closed); a fault of one examination is its finding
"""
