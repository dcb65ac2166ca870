"""What the cells of a notebook have shown so far, built up step by step as a Jupyter front end does.

In come steps (plain dictionaries, ready for JSON), out come the cells' outputs in nbformat 4: a stream that goes on is
one output, a display can be updated later, cleared output goes at once or when the next one comes. It stands alone
because the process that runs the cells and the one that asked for them follow the same steps and must see the same.

Steps: ``begin`` (place, count), ``stream`` (name, text), ``display`` and ``update`` (data, metadata, id), ``result``
(data, metadata, count), ``clear`` (wait), ``error`` (ename, evalue, traceback).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nbformat import NotebookNode, from_dict


class CellOutputs:
    """The outputs of ``notebook``'s cells; ``apply`` takes the next step."""

    def __init__(self, notebook: NotebookNode):
        self.notebook = notebook
        self.place = -1
        self._shown: dict[str, list[NotebookNode]] = {}  # display's id: the outputs that show it
        self._clears_before_next = False

    def apply(self, step: Mapping[str, Any]) -> None:
        """Take one step. KeyError for one that is not known."""
        _STEPS[step["step"]](self, step)

    @property
    def outputs(self) -> list[NotebookNode]:
        """Those of the cell that runs, or ran last."""
        return self.notebook.cells[self.place].outputs

    def _begin(self, step: Mapping[str, Any]) -> None:
        self.place, self._clears_before_next = step["place"], False
        cell = self.notebook.cells[self.place]
        cell.outputs, cell.execution_count = [], step["count"]

    def _stream(self, step: Mapping[str, Any]) -> None:
        self._clear_if_due()
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last.output_type == "stream" and last.name == step["name"]:
            last.text += step["text"]
        else:
            self._add(output_type="stream", name=step["name"], text=step["text"])

    def _display(self, step: Mapping[str, Any]) -> None:
        self._clear_if_due()
        shown = self._add(output_type="display_data", data=step["data"], metadata=step["metadata"])
        if step.get("id"):
            self._shown.setdefault(step["id"], []).append(shown)
            self._update(step)

    def _update(self, step: Mapping[str, Any]) -> None:
        for shown in self._shown.get(step["id"], ()):
            shown.data, shown.metadata = from_dict(step["data"]), from_dict(step["metadata"])

    def _result(self, step: Mapping[str, Any]) -> None:
        self._clear_if_due()
        self._add(
            output_type="execute_result",
            data=step["data"],
            metadata=step["metadata"],
            execution_count=step["count"],
        )

    def _error(self, step: Mapping[str, Any]) -> None:
        self._clear_if_due()
        self._add(output_type="error", **{name: step[name] for name in ("ename", "evalue", "traceback")})

    def _clear(self, step: Mapping[str, Any]) -> None:
        self._clears_before_next = step["wait"]
        if not step["wait"]:
            self._clear_now()

    def _clear_if_due(self) -> None:
        if self._clears_before_next:
            self._clears_before_next = False
            self._clear_now()

    def _clear_now(self) -> None:
        gone = {id(one) for one in self.outputs}
        self.outputs.clear()
        for name, shown in self._shown.items():
            self._shown[name] = [one for one in shown if id(one) not in gone]

    def _add(self, **output: Any) -> NotebookNode:
        made = from_dict(output)
        self.outputs.append(made)
        return made


_STEPS: dict[str, Callable[[CellOutputs, Mapping[str, Any]], None]] = {
    "begin": CellOutputs._begin,
    "stream": CellOutputs._stream,
    "display": CellOutputs._display,
    "update": CellOutputs._update,
    "result": CellOutputs._result,
    "clear": CellOutputs._clear,
    "error": CellOutputs._error,
}
