"""The engine that executes one notebook: a fresh, private kernel, bounded in time and print."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import queue
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning import LocalProvisioner
from nbclient.util import ensure_async
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines

from ogp_analysis.runs.process_settings import socket_folders
from ogp_analysis.runs.run_folder import KERNEL_FOLDER
from ogp_analysis.runs.warm_kernels import Forked

ENGINE = "ogp"
# Characters a cell may show; our choice, far above the largest figure of the notebooks.
PRINTED_LIMIT = 2_000_000
# Seconds that a kernel is looked at after it was killed, a hundred times; our choice.
LOOKED_AT = 0.3


class Provisioner(LocalProvisioner):
    """Starts a kernel as jupyter_client does, or has it forked where its manager names a source."""

    process: Any = None

    async def launch_kernel(self, cmd: list[str], *, source: str = "", **options: Any) -> Any:
        """Have a kernel forked; if the source is none or declines, start a fresh one."""
        if source:
            # Whatever keeps it from being forked, a fresh one meets too and tells, or it does not matter.
            with contextlib.suppress(OSError, ValueError):
                self.process = Forked(source, cmd, **options)
                self.pid = self.pgid = self.process.pid
                return self.connection_info
        return await super().launch_kernel(cmd, **options)

    async def kill(self, restart: bool = False) -> None:
        """Also wait until it is gone, which takes milliseconds: the manager looks ten times a second."""
        await super().kill(restart=restart)
        end = time.monotonic() + LOOKED_AT
        while self.process and self.process.poll() is None and time.monotonic() < end:
            await asyncio.sleep(LOOKED_AT / 100)

    async def cleanup(self, restart: bool = False) -> None:
        """Also let a forked kernel go that ended by itself."""
        await super().cleanup(restart=restart)
        if isinstance(self.process, Forked) and not restart:
            self.process.wait()


class PromptClient(AsyncKernelClient):
    """Takes a kernel for ready when it answers, not only when it is silent: messages name their cell."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Ask until both channels bring an answer."""
        end = math.inf if timeout is None else time.monotonic() + timeout
        while not await self._answers():
            if not await self.is_alive():
                message = "Kernel died before replying to kernel_info"
                raise RuntimeError(message)
            if time.monotonic() > end:
                message = f"Kernel didn't respond in {timeout:g} seconds"
                raise RuntimeError(message)

    async def _answers(self) -> bool:
        self.kernel_info()
        try:
            reply = await self.get_shell_msg(timeout=1)
            # What a cell shows would be lost on a channel that is not connected yet.
            await self.get_iopub_msg(timeout=0.2)
        except queue.Empty:
            return False
        return bool(reply["msg_type"] == "kernel_info_reply")


class PrivateKernelManager(AsyncKernelManager):
    """A kernel on local sockets in a folder of its own; where there are none, on encrypted TCP."""

    def __init__(self, **options: Any) -> None:
        super().__init__(client_factory=PromptClient, **options)
        # Sockets have short names only, so the folder cannot be beside the outputs.
        short = socket_folders() if os.name == "posix" else []
        self.private_folder: Path | None = None
        if short:
            prefix = f"{KERNEL_FOLDER}{os.getpid()}-"
            self.private_folder = Path(tempfile.mkdtemp(prefix=prefix, dir=short[0]))
            self.transport = "ipc"
            self.connection_file = str(self.private_folder / "k.json")
        else:
            self.transport_encryption = "required"
        # By itself it would make the one that is named in the kernel's specification, none here.
        spec = self.kernel_spec
        self.provisioner = Provisioner(kernel_id=self.kernel_id, kernel_spec=spec, parent=self)

    @property
    def kernel_spec(self) -> KernelSpec:
        """Name this interpreter, whatever kernel of the same name the user has installed."""
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        # Without this claim the manager refuses to start a kernel that has to encrypt.
        able = {"supported_encryption": ["curve"]}
        return KernelSpec(argv=command, display_name="Python 3", language="python", metadata=able)

    # The manager's own is a coroutine behind a wrapper without types.
    async def cleanup_resources(self, restart: bool = False) -> None:  # type: ignore[override]
        """Also remove the folder of the sockets."""
        await ensure_async(super().cleanup_resources(restart=restart))
        if self.private_folder is not None and not restart:
            shutil.rmtree(self.private_folder, ignore_errors=True)


class BoundedClient(PapermillNotebookClient):
    """A client that stops a cell which prints more than the limit or ends its own kernel."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, on_cell_executed=self._check_stays, **options)
        self.printed: dict[int, int] = {}
        self.too_much = -1

    def _check_stays(self, cell_index: int, execute_reply: dict[str, Any], **_: Any) -> None:
        # Cells behind it may still run before the kernel is gone: the reply of the cell itself tells.
        payload = execute_reply["content"].get("payload", [])
        if any(part.get("source") == "ask_exit" for part in payload):
            self.nb.metadata["ogp"] = {"kernel_quit": cell_index}
            message = f"cell {cell_index} ended its kernel"
            raise RuntimeError(message)

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Count what a cell shows; past the limit end its kernel and keep no more."""
        if msg["msg_type"] in ("stream", "display_data", "execute_result", "error"):
            size = len(str(msg["content"]))
            self.printed[cell_index] = self.printed.get(cell_index, 0) + size
            if self.printed[cell_index] > PRINTED_LIMIT:
                self._stop(cell_index)
                return None
        return super().process_message(msg, cell, cell_index)

    def _stop(self, cell_index: int) -> None:
        if self.too_much < 0:
            self.too_much = cell_index
            self.nb.metadata["ogp"] = {"printed_too_much": cell_index}
            # A polite interrupt would wait behind everything that is still to be printed.
            self.ending = asyncio.ensure_future(self.km.provisioner.kill())


def joined(outputs: list[Any]) -> list[Any]:
    """Join what a cell printed between two other outputs: one output for each stream, standard output first.

    In how many messages a print comes, and which stream comes first, is a matter of time. nbclient's own
    ``coalesce_streams`` takes minutes for a million characters without a line end.

    >>> def said(name, text):
    ...     return {"output_type": "stream", "name": name, "text": text}
    >>> shown = {"output_type": "display_data"}
    >>> came = [said("stdout", "a"), said("stderr", "!"), said("stdout", "b"), shown, said("stdout", "c")]
    >>> [output.get("text") for output in joined(came)]
    ['ab', '!', None, 'c']
    """
    kept: list[Any] = []
    streams: dict[str, Any] = {}
    for output in outputs:
        if output["output_type"] != "stream":
            kept += [*sorted(streams.values(), key=_stream_first), output]
            streams = {}
        elif output["name"] in streams:
            streams[output["name"]]["text"] += output["text"]
        else:
            streams[output["name"]] = output
    return [*kept, *sorted(streams.values(), key=_stream_first)]


def _stream_first(output: Any) -> bool:
    return output["name"] != "stdout"


class BoundedEngine(Engine):
    """The papermill engine that uses the private kernel and the bounded client."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
        """Execute every cell; the notebook handed to ``on_start`` shows how far it came."""
        options["on_start"](nb_man.nb)
        client = BoundedClient(
            nb_man,
            kernel_name=kernel_name,
            kernel_manager_class=PrivateKernelManager,
            timeout=options["execution_timeout"],
            startup_timeout=options["start_timeout"],
            iopub_timeout=30,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": options["kernel_folder"]}},
            record_timing=False,
        )
        # What the kernel says besides its messages is nothing for the reader of a run: pages, on a full disk.
        try:
            with options["kernel_log"].open("wb") as log:
                around = {"env": options["kernel_environment"], "stdout": log, "stderr": log}
                client.execute(source=options["kernel_source"], **around)
        finally:
            for cell in nb_man.nb.cells:
                if cell.cell_type == "code":
                    cell.outputs = joined(cell.get("outputs") or [])
        if client.too_much >= 0:
            message = f"cell {client.too_much} printed too much"
            raise RuntimeError(message)


papermill_engines.register(ENGINE, BoundedEngine)
