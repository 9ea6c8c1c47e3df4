"""Imports the support package of a library, which its suites share.

The package is loaded by its path. The folder around it is not put on
sys.path, since the model answers lie in that folder, too.
"""

from __future__ import annotations

import importlib.util
import os
import pkgutil
import sys
from collections.abc import Iterator


def install(folder: str) -> str:
    """Make the package in a folder importable; return its name.

    Raises ImportError where there is none, where it fails to load, and
    where another package of that name is imported already.
    """
    name = os.path.basename(folder)
    init = os.path.join(folder, "__init__.py")
    if (known := sys.modules.get(name)) is not None:
        if os.path.realpath(known.__file__ or "") != os.path.realpath(init):
            raise ImportError(f"another package named {name} is imported")
        return name
    spec = importlib.util.spec_from_file_location(
        name, init, submodule_search_locations=[folder])
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    # As in an import statement, the module is known before it is executed,
    # so that its own modules can import it.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[name]
        raise ImportError(f"{name}: {error}") from error
    return name


def modules(package: str) -> Iterator[str]:
    """Yield the name of every module below an imported package.

    Packages in it are imported on the way, as far as that can be done.
    """
    for module in pkgutil.walk_packages(
            sys.modules[package].__path__, f"{package}.",
            onerror=lambda name: None):
        yield module.name
