"""What submissions are called, whoever else is in the class."""

from __future__ import annotations

import itertools
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given as drawn
from hypothesis import strategies

from grader.cohort import names
from grader.cohort.names import Lying, decoded, encoded, given, short

OUT = Path("/course/out")


def lying(*paths: str) -> list[Lying]:
    return [Lying(place=Path(path), plain=names.plain(
        Path(path).name, path.endswith((".zip", ".gz", ".rar"))))
        for path in paths]


def called(*paths: str, known: dict[str, str] | None = None,
           there: str = "") -> list[str]:
    """Return the names of what lies at paths.

    `known` are the places of the results there are, by name, and `there`
    those that are still there.
    """
    sources = {name: names.source(Path(path), OUT) if path else ""
               for name, path in (known or {}).items()}
    return given(lying(*paths), sources, OUT,
                 lambda path: str(path) in (*paths, *there.split()))


@pytest.mark.parametrize("paths, expected", [
    ("/c/ann /c/ben.zip", "ann ben"),
    ("/ann/alx /ben/alx", "ann/alx ben/alx"),
    ("/x/ann/alx /y/ann/alx /y/ben/alx", "x/ann/alx y/ann/alx ben/alx"),
    ("/c/alice.zip /c/alice.tar.gz", "alice.zip alice.tar.gz"),
    ("/c/alice /c/alice.zip", "alice alice.zip"),
    ("/a/work.zip /b/work.zip", "a/work.zip b/work.zip"),
    ("/c/ben.rar /c/ben.zip", "ben.rar ben.zip"),
    # A folder may be named like what an archive becomes.
    ("/a/alice.zip /a/alice.tar.gz /b/alice.zip/", "a/alice.zip alice.tar.gz"
     " alice.zip")])
def test_each_is_called_by_as_much_of_its_path_as_tells_them_apart(
        paths: str, expected: str) -> None:
    found, wanted = paths.split(), expected.split()
    for order in itertools.permutations(range(len(found))):
        assert called(*(found[each] for each in order)) == [
            wanted[each] for each in order]


@pytest.mark.parametrize("known, there, paths, expected", [
    # Who is in the results keeps the name, whoever comes or leaves.
    ({"ben/alx": "/ben/alx"}, "", "/ben/alx", "ben/alx"),
    ({"alx": "/ann/alx"}, "", "/ann/alx /ben/alx", "alx ben/alx"),
    ({"alx": "/ann/alx"}, "/ann/alx", "/ben/alx", "ben/alx"),
    ({"alx": "/ann/alx"}, "", "/ben/alx", "alx"),
    # What was moved has its results by its name, or by its last folders.
    ({"ann": "/c/ann"}, "", "/d/ann", "ann"),
    ({"ann/alx": "/c/ann/alx", "ben/alx": "/c/ben/alx"}, "",
     "/d/ann/alx", "ann/alx"),
    ({"ann": "/c/ann"}, "/c/ann", "/d/ann", "d/ann"),
    # Results of old do not say where their submission lay.
    ({"ann": ""}, "", "/c/ann", "ann"),
    ({"work": "", "work (2)": ""}, "", "/c/work (2).zip", "work (2).zip"),
    ({"work": "", "work (2)": ""}, "", "/a/work", "a/work"),
    # A name that is taken is not taken over by what is called otherwise.
    ({"b.zip": "/c/b.zip.zip"}, "", "/c/b.zip /c/b.gz", "c/b.zip b.gz")])
def test_results_remember_whose_they_are(
        known: dict[str, str], there: str, paths: str,
        expected: str) -> None:
    found = paths.split(" /")
    found = [found[0], *(f"/{path}" for path in found[1:])]

    assert called(*found, known=known, there=there) == (
        expected.split() if len(found) > 1 else [expected])


@drawn(strategies.text(strategies.characters(exclude_categories=[])),
       strategies.text(strategies.characters(exclude_categories=[])))
def test_no_two_texts_are_encoded_alike(one: str, other: str) -> None:
    assert encoded(one).isprintable()
    encoded(one).encode()
    assert decoded(encoded(one)) == one
    assert (encoded(one) == encoded(other)) == (one == other)


@pytest.mark.parametrize("text, expected", [
    ("ann lee", "ann lee"), ("ann\tlee", r"ann\x09lee"),
    (r"ann\x09lee", r"ann\\x09lee"), ("\udcff", r"\xff"),
    ("\xff", "\xff"), ("\x85", r"\u0085"), ("\udc85", r"\x85"),
    ("\u202e", r"\u202e"), ("é", "é")])
def test_what_cannot_be_printed_is_escaped(text: str,
                                           expected: str) -> None:
    assert encoded(text) == expected


def test_two_at_one_place_are_refused_and_not_told_apart_for_ever() -> None:
    with pytest.raises(ValueError, match="one place"):
        called("/c/ann", "/c/ann")


def test_a_long_name_is_cut_and_stays_its_own() -> None:
    one, other = short("n" * 150 + "a"), short("n" * 150 + "b")

    assert len(one) == len(other) == 150
    assert one != other
    assert one[:142] == "n" * 141 + "~"
    assert short("n" * 150) == "n" * 150


@pytest.mark.parametrize("place, expected", [
    ("/course/class/ann", "../class/ann"),
    ("/course/out/ann", "../out/ann"),
    ("/course/ann", "../../course/ann"),
    ("/elsewhere/class/ann", "../../elsewhere/class/ann"),
    ("/course", "../../course")])
def test_a_source_leads_from_the_results_to_the_submission(
        place: str, expected: str) -> None:
    source = names.source(PurePosixPath(place), PurePosixPath(OUT))

    assert source == expected
    assert (OUT / source).resolve() == Path(place)
