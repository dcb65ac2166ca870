"""The exporter that nbconvert calls ``audit_pdf``: an executed notebook in, one PDF out.

It takes nbconvert's preprocessors (so ``--execute`` works) and needs neither LaTeX nor a browser. The file itself is
made by ``typeset``.
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Bool, default

from auditkit.export.document import read_document
from auditkit.export.typeset import pdf_file


class AuditPDFExporter(Exporter):
    """``jupyter nbconvert --to audit_pdf executed.ipynb`` writes one tagged PDF."""

    output_mimetype = "application/pdf"
    export_from_notebook = "Audit report (PDF)"
    tables_beside = Bool(False, help="Whole tables are written beside the document; see auditkit.export.tables").tag(
        config=True
    )

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """The PDF of ``nb`` and nbconvert's resources."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        name = (resources.get("metadata") or {}).get("name", "")
        # nbconvert writes bytes as they are only when this says so.
        resources["output_extension"] = ".pdf"
        return pdf_file(read_document(nb, name, self.tables_beside)), resources
