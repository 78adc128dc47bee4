"""Every partner system of an invented council, found by listing a folder: a new one is one module in `partners/`.

The case management systems and the census write themselves.
"""

from importlib import import_module
from pkgutil import iter_modules

from loaders.council import partners
from loaders.council.partner import Partner


def _all() -> tuple[Partner, ...]:
    """By name, whatever the file system says first: each draws from streams of chance of its own."""
    names = sorted(module.name for module in iter_modules(partners.__path__))
    modules = [import_module(f"{partners.__name__}.{name}") for name in names]
    return tuple(module.PARTNER for module in modules if hasattr(module, "PARTNER"))


PARTNERS = _all()
