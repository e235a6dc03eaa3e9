"""What `ossicle doctor` is made of: checks, each of which says in a line what it found and, where something is wrong, what to do."""
