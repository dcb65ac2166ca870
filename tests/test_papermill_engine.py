"""papermill's engine and JupyterLab's kernel: what users of either expect, from a warm process."""

from __future__ import annotations

import subprocess
import sys
import time

import nbformat
import papermill
import psutil
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError

CELLS = {
    "parameters": "alpha = 1",
    "printed": "import sys\nprint(alpha)\nprint('careful', file=sys.stderr)",
    "shell": "!echo from a shell",
    "raw": "import os\n_ = os.system('echo from C')",
    "shown": "from IPython.display import clear_output, display\nhandle = display('early', display_id='one')",
    "updated": "handle.update('late')\nprint('gone')\nclear_output()\nprint('kept')",
    "awaited": "import asyncio\nawait asyncio.sleep(0)\n40 + 2",
    "drawn": "%matplotlib inline\nimport matplotlib.pyplot as plt\n_ = plt.plot([1, 2])",
    "frame": "import pandas\npandas.DataFrame({'a': [1]})",
    "pooled": "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(2) as pool:\n"
    "    print(pool.map(abs, [-1, -2]))",
    "random": "import random, numpy\nprint(random.random(), numpy.random.random())",
    "pid": "print(os.getpid())",
}


def write(path, cells, language="python"):
    spec = {"name": "python3", "display_name": "Python", "language": language}
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": spec})
    notebook.cells = [nbformat.v4.new_markdown_cell("# Title"), *map(nbformat.v4.new_code_cell, cells)]
    notebook.cells[1].metadata["tags"] = ["parameters"]
    nbformat.write(notebook, path)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("papermill")
    write(folder / "in.ipynb", CELLS.values())
    return folder


@pytest.fixture(scope="module")
def executed(folder):
    """The notebook by our engine and by papermill's own: {engine: {name: cell}}."""
    made = {}
    for engine in ("auditkit", "nbclient"):
        notebook = papermill.execute_notebook(
            folder / "in.ipynb", folder / f"{engine}.ipynb", {"alpha": "ä"}, engine_name=engine, progress_bar=False
        )
        cells = [one for one in notebook.cells if one.cell_type == "code"]
        assert cells[1].metadata.tags == ["injected-parameters"]
        made[engine] = dict(zip(CELLS, [cells[0], *cells[2:]], strict=True))
    return made


@pytest.mark.parametrize("name", ["parameters", "printed", "shell", "shown", "updated", "awaited", "frame", "pooled"])
def test_outputs_are_those_of_papermills_own_engine(executed, name):
    ours, stock = executed["auditkit"][name], executed["nbclient"][name]
    assert ours.outputs == stock.outputs
    assert ours.execution_count == stock.execution_count


def test_what_a_notebook_shows(executed):
    ours = executed["auditkit"]
    assert [one.text for one in ours["printed"].outputs] == ["ä\n", "careful\n"]
    assert ours["shown"].outputs[0].data["text/plain"] == "'late'"
    assert ours["raw"].outputs[0].text == "from C\n"
    assert "image/png" in ours["drawn"].outputs[-1].data


def test_papermills_records_are_there(executed, folder):
    notebook = nbformat.read(folder / "auditkit.ipynb", 4)
    assert {one.metadata.papermill.status for one in notebook.cells} == {"completed"}
    assert notebook.metadata.papermill.parameters == {"alpha": "ä"}
    assert notebook.metadata.papermill.duration > 0
    assert notebook.metadata.language_info.name == "python"
    assert "shell.execute_reply" in notebook.cells[2].metadata.execution


def test_each_notebook_has_a_process_and_random_numbers_of_its_own(executed, folder):
    again = papermill.execute_notebook(
        folder / "in.ipynb", None, engine_name="auditkit", progress_bar=False, record_timing=False
    )
    first = executed["auditkit"]
    for name, cell in (("random", again.cells[-2]), ("pid", again.cells[-1])):
        assert cell.outputs[0].text != first[name].outputs[0].text
    assert "execution" not in again.cells[-1].metadata
    assert not psutil.pid_exists(int(first["pid"].outputs[0].text))


def test_the_command_line_shows_progress_and_the_failing_cell(folder):
    write(folder / "bad.ipynb", ["x = 1", "print('so far')", "1 / 0", "print('never')"])
    command = [sys.executable, "-m", "papermill", "bad.ipynb", "out.ipynb", "--engine", "auditkit", "-p", "x", "7"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode != 0
    assert "ZeroDivisionError" in done.stderr and 'Exception encountered at "In [4]"' in done.stderr
    assert "Executing:" in done.stderr and "cell" in done.stderr
    said = {
        one.source: one.metadata.papermill.status
        for one in nbformat.read(folder / "out.ipynb", 4).cells
        if one.metadata.get("papermill")
    }
    assert (said["print('so far')"], said["1 / 0"], said["print('never')"]) == ("completed", "failed", "pending")


@pytest.mark.parametrize(
    ("cell", "options", "error", "words"),
    [
        ("import os; print('last'); os._exit(1)", {}, DeadKernelError, "ended with code 1"),
        ("import time; time.sleep(60)", {"execution_timeout": 1}, CellTimeoutError, "longer than 1 s"),
        ("held = bytearray(10**12)", {"memory_bytes": 10**9}, papermill.PapermillExecutionError, "MemoryError"),
    ],
)
def test_deaths_and_limits_are_raised_and_the_notebook_says_where(folder, cell, options, error, words):
    write(folder / "dies.ipynb", ["x = 1", cell, "x = 2"])
    with pytest.raises(error, match=words):
        papermill.execute_notebook(
            folder / "dies.ipynb", folder / "died.ipynb", engine_name="auditkit", progress_bar=False, **options
        )
    cells = [one for one in nbformat.read(folder / "died.ipynb", 4).cells if one.metadata.get("papermill")]
    assert [one.metadata.papermill.status for one in cells[-2:]] == ["failed", "pending"]


def test_a_notebook_in_another_language_is_refused(folder):
    write(folder / "r.ipynb", ["x <- 1"], language="R")
    with pytest.raises(papermill.exceptions.PapermillException, match="--engine nbclient"):
        papermill.execute_notebook(folder / "r.ipynb", None, engine_name="auditkit", progress_bar=False)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="kernels are forked where forking is safe")
def test_a_kernel_is_forked_interrupted_restarted_and_ended():
    manager, client = start_new_kernel(kernel_name="auditkit")
    try:
        first = manager.provisioner.pid
        heard = []
        client.execute_interactive("import os; os.getpid()", timeout=30, output_hook=heard.append)
        (shown,) = [one["content"]["data"]["text/plain"] for one in heard if one["msg_type"] == "execute_result"]
        assert int(shown) == first and psutil.Process(first).cmdline()[-1] == "auditkit.running.warm.process"
        client.execute("print('sleeping', flush=True)\nimport time; time.sleep(60)")
        while client.get_iopub_msg(timeout=30)["msg_type"] != "stream":
            pass
        manager.interrupt_kernel()
        while (reply := client.get_shell_msg(timeout=30))["content"].get("ename") != "KeyboardInterrupt":
            assert reply["content"]["status"] == "ok"
        begun = time.monotonic()
        manager.restart_kernel()
        client.wait_for_ready(timeout=30)
        assert manager.is_alive() and manager.provisioner.pid != first and not psutil.pid_exists(first)
        assert time.monotonic() - begun < 30
        killed = psutil.Process(manager.provisioner.pid)  # known before it dies: then there may be none
        killed.kill()
        psutil.wait_procs([killed], timeout=10)
        assert not manager.is_alive()
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
