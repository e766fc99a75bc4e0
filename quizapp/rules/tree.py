"""The tree of hashes over a list (RFC 9162 §2.1): one head for all of it, and short proofs that something is in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quizapp.rules.draw import sha256


@dataclass(frozen=True)
class Head:
    """The head of a growing list: its size and the roots of its whole subtrees, largest first; at most 64 hashes."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def grown(self, leaf: bytes) -> Head:
        """The head with one more leaf."""
        peaks, last, size = list(self.peaks), leaf, self.size
        while size % 2:
            last = node(peaks.pop(), last)
            size //= 2
        return Head(self.size + 1, (*peaks, last))

    @property
    def root(self) -> bytes:
        """The hash of the whole list; that of an empty one is the hash of nothing."""
        if not self.peaks:
            return sha256(b"")
        whole = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            whole = node(peak, whole)
        return whole


def leaf(entry: bytes) -> bytes:
    """The hash of one entry."""
    return sha256(b"\x00" + entry)


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return sha256(b"\x01" + left + right)


def head(leaves: Iterable[bytes]) -> Head:
    """The head of these leaves, in their order."""
    grown = Head()
    for each in leaves:
        grown = grown.grown(each)
    return grown


def root(leaves: Iterable[bytes]) -> bytes:
    """The hash of the list of these leaves."""
    return head(leaves).root


def path(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The hashes beside the way from one leaf up to the root, from the bottom."""
    if len(leaves) == 1:
        return ()
    split = _split(len(leaves))
    if index < split:
        return (*path(leaves[:split], index), root(leaves[split:]))
    return (*path(leaves[split:], index - split), root(leaves[:split]))


def root_of_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that follows from a leaf at `index` of `size` and its path; `None` where the path has the wrong length.

    Somebody who holds a root compares it with this one: if they are equal, the leaf is in the list.
    """
    if not 0 <= index < size:
        return None
    at, last, whole = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return None
        if at % 2 or at == last:
            whole = node(beside, whole)
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            whole = node(whole, beside)
        at, last = at // 2, last // 2
    return whole if last == 0 else None


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
