"""The exporter that nbconvert calls ``audit_html``: an executed notebook in, one HTML file out.

It takes nbconvert's preprocessors (so ``--execute`` works) and none of its template search, which would look into the
current folder first and run what it finds there. The page itself is made by ``page``.
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Bool, default

from auditkit.export.document import read_document
from auditkit.export.page import html_page


class AuditHTMLExporter(Exporter):
    """``jupyter nbconvert --to audit_html executed.ipynb`` writes one self-contained page."""

    output_mimetype = "text/html"
    export_from_notebook = "Audit report (HTML)"
    tables_beside = Bool(False, help="Whole tables are written beside the document; see auditkit.export.tables").tag(
        config=True
    )

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page of ``nb`` and nbconvert's resources."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        name = (resources.get("metadata") or {}).get("name", "")
        return html_page(read_document(nb, name, self.tables_beside)), resources
