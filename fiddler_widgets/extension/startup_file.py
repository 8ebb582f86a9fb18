"""Written by `fiddler-widgets enable`; `fiddler-widgets disable` takes it away again.

Runs as each IPython of this user starts. Where fiddler-widgets is installed, its extension is loaded once the official
client, `fiddler`, is about to be imported; before that, and elsewhere, nothing is imported and nothing changes.
"""


def _watch_for_fiddler() -> None:
    import importlib.abc
    import importlib.util
    import logging
    import sys

    import IPython

    class BeforeFiddler(importlib.abc.MetaPathFinder):
        """Loads the extension before `fiddler`, and finds nothing itself."""

        def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
            del path, target
            if fullname != "fiddler":
                return
            sys.meta_path.remove(self)
            try:
                shell = IPython.get_ipython()
                if shell is not None:
                    shell.extension_manager.load_extension("fiddler_widgets")
            except Exception:
                # Whatever is the matter with it, `import fiddler` goes on.
                logging.getLogger("fiddler_widgets").exception("the extension of fiddler-widgets could not be loaded")

    if importlib.util.find_spec("fiddler_widgets") is not None:
        sys.meta_path.insert(0, BeforeFiddler())


try:
    _watch_for_fiddler()
finally:
    del _watch_for_fiddler
