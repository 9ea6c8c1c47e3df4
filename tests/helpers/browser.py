"""A headless Chromium, spoken to by its own protocol over two pipes."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Self

# The browser reads its descriptor 3 and writes to its 4.
_LAUNCH = ("import os, sys; os.dup2(int(sys.argv[1]), 3);"
           " os.dup2(int(sys.argv[2]), 4);"
           " os.execv(sys.argv[3], sys.argv[3:])")
NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """Return the path of a browser, if this machine has one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def _high(fd: int) -> int:
    """Move a descriptor out of the way of 3 and 4."""
    moved = fcntl.fcntl(fd, fcntl.F_DUPFD, 10)
    os.close(fd)
    return moved


class Browser:
    """One page in a browser; `problems` has what its console said."""

    def __init__(self, program: str) -> None:
        self._home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        ends = [_high(theirs_in), _high(theirs_out)]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCH, *map(str, ends), program,
             "--headless=new", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--remote-debugging-pipe",
             "--no-startup-window", f"--user-data-dir={self._home.name}"],
            pass_fds=ends, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for end in ends:
            os.close(end)
        self._out = os.fdopen(ours_out, "wb", buffering=0)
        self._in = os.fdopen(ours_in, "rb")
        self._number = 0
        self._session = self._context = ""
        self.problems: list[str] = []

    def __enter__(self) -> Self:
        return self

    def begin(self) -> None:
        """Open a page as in a new browser, in place of the one there is."""
        self._session = ""
        if self._context:
            self.call("Target.disposeBrowserContext",
                      browserContextId=self._context)
        self._context = self.call("Target.createBrowserContext")[
            "browserContextId"]
        page = self.call("Target.createTarget", url="about:blank",
                         browserContextId=self._context)["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=page,
                                  flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.problems.clear()

    def __exit__(self, *details: object) -> None:
        self._process.kill()
        self._process.wait()
        self._out.close()
        self._in.close()
        self._home.cleanup()

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call one method of the protocol and return its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method,
                                   "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._out.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _read(self) -> dict[str, Any]:
        text = bytearray()
        while not text.endswith(b"\0"):
            byte = self._in.read(1)
            assert byte, "the browser has gone"
            text += byte
        message: dict[str, Any] = json.loads(text[:-1])
        if message.get("method") in ("Runtime.exceptionThrown",
                                     "Log.entryAdded",
                                     "Runtime.consoleAPICalled"):
            self.problems.append(json.dumps(message["params"])[:500])
        if message.get("method") == "Network.requestWillBeSent":
            url = message["params"]["request"]["url"]
            if not url.startswith("file:"):
                self.problems.append(f"fetched {url}")
        return message

    def open(self, path: Path, size: tuple[int, int] = (1280, 1000)) -> None:
        """Open a file and wait until it says that it is ready."""
        self._navigate(path, size)
        self.run("new Promise(done => { const look = () =>"
                 " document.body?.dataset.ready || document.title === 'never'"
                 " ? done() : setTimeout(look, 20); look(); })")

    def visit(self, path: Path,
              size: tuple[int, int] = (1280, 1000)) -> None:
        """Open a page without scripts, in the light scheme."""
        self.use("light")
        self._navigate(path, size)
        here = json.dumps(path.resolve().as_uri())
        self.run("new Promise(done => { const look = () =>"
                 f" location.href === {here} &&"
                 " document.readyState === 'complete'"
                 " ? done() : setTimeout(look, 20); look(); })")

    def use(self, scheme: str) -> None:
        """Prefer the light or the dark scheme, as the system may."""
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme}])

    def resize(self, size: tuple[int, int]) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=size[0],
                  height=size[1], deviceScaleFactor=1, mobile=False)

    def _navigate(self, path: Path, size: tuple[int, int]) -> None:
        self.resize(size)
        self.call("Page.navigate", url=path.resolve().as_uri())

    def picture(self) -> bytes:
        """Return what is on the screen, as a PNG."""
        data = self.call("Page.captureScreenshot", format="png")["data"]
        return base64.b64decode(data)

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        answer = self.call("Runtime.evaluate", expression=script,
                           awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key, such as "ArrowDown"."""
        code = {"Enter": 13, "Escape": 27, "ArrowDown": 40, "End": 35}[key]
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code)
