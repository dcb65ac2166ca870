"""Pseudonyms: what stands in a report in place of an agent's name.

In come a name and a key, out come five signs that are the same in every report of a client and tell nothing of the
name to those who do not know the key.
"""

from __future__ import annotations

import hashlib

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no sign is taken for another
_LENGTH = 5


def pseudonym(name: str, key: str) -> str:
    """Five signs for a name: a keyed hash (BLAKE2s), so that the same person is the same in every report of a client.

    Who has the key and a list of names can find out who is who, and nobody else can. Two of a thousand agents share a
    pseudonym with a chance of one in sixty.

    >>> pseudonym("Ann", "Acme Oy") == pseudonym("Ann", "Acme Oy") != pseudonym("Ann", "another client")
    True
    """
    secret = hashlib.blake2s(key.encode("utf-8", "surrogatepass")).digest()
    hashed = hashlib.blake2s(name.encode("utf-8", "surrogatepass"), key=secret, digest_size=8)
    number = int.from_bytes(hashed.digest(), "big")
    return "".join(_SIGNS[number >> 5 * place & 31] for place in range(_LENGTH))
