"""Ossicle beside its peers on this machine: `python -m bench`. Nothing of it is in the package, nor judged by CI."""
