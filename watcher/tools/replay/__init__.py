"""Checking a source over pages of the past: `watch replay`.

captures      START HERE: over dated captures, through the real pipeline with a temporary state
evidence      over the pages kept as evidence
dated_pages   saved pages in order of time, and those in the folder of a proof
"""
