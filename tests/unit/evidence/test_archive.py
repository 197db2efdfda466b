"""The bytes of a file follow from what is in it, every file has its sum, and a name in it is found."""

import hashlib
import json
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from feedback_core.reports.portfolios.archive import Archive, json_bytes
from feedback_core.reports.portfolios.naming import names

contents = st.dictionaries(st.text("abc", min_size=1, max_size=4).map("files/{}.json".format), st.binary(max_size=50))


def written(folder: str, files: dict[str, bytes]) -> Path:
    """An archive of these files."""
    path = Path(folder) / "a.zip"
    archive = Archive(path)
    for name, content in files.items():
        archive.write_parts(name, [content[:3], content[3:]])
    archive.close()
    return path


@given(contents)
def test_the_same_files_are_the_same_bytes_and_their_sums_hold(files: dict[str, bytes]) -> None:
    with TemporaryDirectory() as folder:
        first = written(folder, files).read_bytes()
        path = written(folder, files)
        assert path.read_bytes() == first
        with zipfile.ZipFile(path) as opened:
            sums = {line[66:]: line[:64] for line in opened.read("SHA256SUMS").decode().splitlines()}
            listed = json.loads(opened.read("manifest.json"))["files"]
            assert sums == {name: hashlib.sha256(opened.read(name)).hexdigest() for name in (*files, "manifest.json")}
            assert [each["path"] for each in listed] == sorted(files)
            assert {each["path"]: each["bytes"] for each in listed} == {name: len(said) for name, said in files.items()}


def test_what_json_has_no_word_for_is_written_plainly() -> None:
    at = datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=1)))
    document = {
        "at": at,
        "on": date(2026, 1, 2),
        "id": UUID(int=1),
        "sum": b"\x0f",
        "n": Decimal(3),
        "x": Decimal("0.5"),
    }

    assert json.loads(json_bytes(document)) == {
        "at": "2026-01-02T02:00:00Z",
        "on": "2026-01-02",
        "id": "00000000-0000-0000-0000-000000000001",
        "sum": "0f",
        "n": 3,
        "x": 0.5,
    }
    assert at.astimezone(UTC).hour == 2


def test_a_name_is_found_in_records_and_not_looked_for_in_reports_as_they_were_kept() -> None:
    with TemporaryDirectory() as folder:
        in_record = written(folder, {"files/actions/1.json": '{"owner": "Zoë"}'.encode()}).read_bytes()
        in_report = written(folder, {"files/reports/1.kept.json": '{"owner": "Zoë"}'.encode()}).read_bytes()

    assert names(in_record, lambda said: "Zoë" in said)
    assert not names(in_report, lambda said: "Zoë" in said)
    assert not names(in_record, lambda said: "Bo" in said)
