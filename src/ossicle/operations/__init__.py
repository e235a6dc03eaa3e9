"""The operations: one module per OSS operation family, one handler per operation.

Rules of the room:

1. A handler turns one typed input into one typed output, in a few lines; headers, status and XML stand in the specification.
2. What is true of OSS beyond one operation belongs to `services`.
3. No list of operations is kept by hand: the modules of this room are discovered, in sorted order.
"""

from importlib import import_module
from pkgutil import iter_modules

from ossicle.operations.context import Context, Services, Site
from ossicle.operations.registry import HANDLERS, Handler

for _module in sorted(module.name for module in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")

__all__ = ["HANDLERS", "Context", "Handler", "Services", "Site"]
