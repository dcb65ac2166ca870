"""The sign-off block: who stands for the audit, with room for name, day and signature."""

from __future__ import annotations

from auditkit.exhibits.base import Exhibit
from auditkit.service_audit.audited import Audited


def sign_off(audited: Audited) -> list[Exhibit]:
    """A line for each auditor, and one for the client."""
    labels, about = audited.context.labels, audited.about
    auditor = labels.say("Auditor")
    signers = [[auditor, name] for name in about.auditors] or [[auditor, ""]]
    signers.append([labels.say("For {client}", client=about.client), ""])
    title = labels.say("Sign-off")
    paragraphs = [
        labels.say(
            "The auditor confirms that the figures were counted and the findings made by the rules stated in this "
            "document, from the files listed under Provenance."
        )
    ]
    asked = [labels.say("Name"), labels.say("Date"), labels.say("Signature")]
    data = {"title": title, "note": "", "paragraphs": paragraphs, "items": signers, "asked": asked, "alt": title}
    return [Exhibit("sign-off", "signatures", data)]
