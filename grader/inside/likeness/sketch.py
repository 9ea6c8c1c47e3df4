"""Sketches of texts: hashes of their short passages, the smallest of them.

After Broder ("On the resemblance and containment of documents", 1997): the
share of hashes that two sketches have in common estimates how much of their
texts two files share.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence


def passages(words: Sequence[str], length: int) -> set[bytes]:
    """Return the hash, 4 bytes, of each passage of `length` words."""
    return {_hash(words[start:start + length])
            for start in range(len(words) - length + 1)}


def sketch(hashes: Iterable[bytes], most: int) -> str:
    """Return the smallest hashes in order, `most` at most, as base64."""
    return base64.b64encode(b"".join(sorted(hashes)[:most])).decode()


def _hash(passage: Sequence[str]) -> bytes:
    text = "\n".join(passage)
    # Half a character in a string has no other form.
    return hashlib.blake2b(text.encode(errors="surrogatepass"),
                           digest_size=4).digest()
