"""Kernels for analysts, ready in a fraction of a second: the provisioner behind JupyterLab's kernel ``auditkit``.

In comes what jupyter_client hands to a provisioner, out comes a running ipykernel, forked from a warm process that the
Jupyter server keeps. Each kernel is a process of its own: interrupting, restarting and shutting down work as ever.
Where there is no fork, the kernel is started as any other.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from auditkit.running.warm import Limits, best_way, open_makers
from auditkit.running.warm.family import is_dead

NAME = "auditkit"
_MOST = 10_000  # kernels at a time: no limit in practice
_UNLIMITED = Limits(cell_seconds=None, notebook_seconds=None, memory_bytes=None)
_PATIENCE = 60.0  # seconds for a kernel's process to be there: the first waits until the warm process is ready


class WarmKernels:
    """The warm process of this Jupyter server, and what is known of the kernels forked from it."""

    def __init__(self) -> None:
        self._makers = open_makers(_MOST, _UNLIMITED, way="fork")
        self._lock = threading.Lock()
        self._pids: dict[int, int] = {}
        self._codes: dict[int, int] = {}
        self._number = 0
        self._owner = os.getpid()
        atexit.register(self.end)

    def start(self, task: dict[str, Any]) -> int:
        """Fork a kernel; its number, by which it is asked for."""
        with self._lock:
            self._number += 1
            self._makers.submit(self._number, task)
            return self._number

    def pid(self, number: int) -> int | None:
        """The kernel's process, as soon as it is there."""
        self._listen()
        return self._pids.get(number)

    def code(self, number: int) -> int | None:
        """The kernel's exit code, None while it lives."""
        self._listen()
        return self._codes.get(number)

    def end(self) -> None:
        """End every kernel."""
        if os.getpid() == self._owner:
            self._makers.end()

    def _listen(self) -> None:
        with self._lock:
            for event in self._makers.events(timeout=0):
                if event.kind == "begun":
                    self._pids[event.number] = event.detail["pid"]
                elif event.kind == "end":
                    self._codes[event.number] = 1 if event.detail.get("failure") else 0


class ForkedKernel:
    """What a provisioner needs of ``subprocess.Popen``."""

    stdin = stdout = stderr = None

    def __init__(self, kernels: WarmKernels, number: int):
        self._kernels, self._number = kernels, number
        until = time.monotonic() + _PATIENCE
        found = kernels.pid(number)
        while found is None:
            if kernels.code(number) is not None or time.monotonic() > until:
                raise RuntimeError("the warm process could not start a kernel; choose another kernel, and see the log")
            time.sleep(0.002)
            found = kernels.pid(number)
        self.pid = found

    def poll(self) -> int | None:
        """The exit code, None while it lives."""
        code = self._kernels.code(self._number)
        return 1 if code is None and is_dead(self.pid) else code  # dead, and its supervisor has not told yet

    def wait(self, timeout: float | None = None) -> int:
        """Until it has ended."""
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired(NAME, timeout or 0)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        """To the kernel, and in an interruption to the programs that its cells started."""
        if self.poll() is not None:
            return
        with suppress(ProcessLookupError):
            if number == signal.SIGINT and os.getpgid(self.pid) == self.pid:
                os.killpg(self.pid, number)
            else:
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it; its supervisor ends what it started."""
        self.send_signal(signal.SIGKILL)


class WarmProvisioner(LocalProvisioner):
    """Forks kernels from a warm process."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork an ipykernel with the arguments that follow its program in ``cmd``."""
        if best_way() != "fork":
            return await super().launch_kernel(cmd, **kwargs)
        folder = str(kwargs.get("cwd") or Path.cwd())
        environment = dict(kwargs.get("env") or os.environ)
        environment["MPLBACKEND"] = environment.get("MPLBACKEND") or "module://matplotlib_inline.backend_inline"
        arguments = cmd[cmd.index("-f") :]
        task = {"kind": "kernel", "folder": folder, "environment": environment, "arguments": arguments}
        kernels = warm_kernels()
        self.process = ForkedKernel(kernels, kernels.start(task))
        self.pid, self.pgid, self.cwd = self.process.pid, None, folder
        return self.connection_info


_kernels: WarmKernels | None = None


def warm_kernels() -> WarmKernels:
    """This server's warm process, started when it is first asked for."""
    global _kernels
    if _kernels is None or _kernels._owner != os.getpid():
        _kernels = WarmKernels()
    return _kernels
