"""Machine translation: engines that translate what messages show, and who asks them.

engines   what an engine is asked, and how its answer is read
broker    asks an engine in a thread of its own, within limits, each text once; switches off one at fault. What of
          changes is asked for
"""
