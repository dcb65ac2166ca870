"""Checklists of an audit: what is asked, what the data answer, what the auditor attests, and what is missing.

A checklist is a TOML file beside this one, or one in a workspace's ``checklist/`` folder. ``model`` reads them,
``rules`` holds figures against an item, ``answers`` keeps the auditor's words, ``assess`` puts both together, and the
``form`` modules carry questions out to people and answers back in.
"""
