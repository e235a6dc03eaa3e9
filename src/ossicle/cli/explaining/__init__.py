"""What `ossicle explain` is made of: readers of requests (a curl command, a HAR file), the judgement, and how it is told.

Nothing here sends anything, and nothing that is told holds a secret, a token or a signature.
"""
