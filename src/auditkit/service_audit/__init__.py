"""The audit as a document: what the notebooks ``service_audit`` (one team) and ``client_audit`` (all teams) call.

``audited`` puts together what an audit knows (figures, checklists, findings), each other module makes one part of the
document from it, and ``report`` is the face for the notebooks.
"""
