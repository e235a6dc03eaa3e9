"""What people get wrong: each function suspects mistakes of one kind and yields what was signed if they were made.

The likeliest come first: whoever tries them stops after a bounded number.
"""
