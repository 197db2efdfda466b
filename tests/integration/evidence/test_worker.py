"""The real worker writes the portfolios of an organisation that has nothing."""

import pytest

from tests.integration.evidence.test_requests import UNITS
from tests.support.api import Api
from tests.support.evidence import ask, finished, opened


@pytest.mark.usefixtures("worker_process")
async def test_an_organisation_that_has_nothing_is_told_so_of_every_criterion(api: Api) -> None:
    asked = {unit: await ask(api, unit) for unit in UNITS}
    for unit, count in UNITS.items():
        portfolio = await finished(api, asked[unit])
        file = await opened(api, portfolio)

        assert file.states() == dict.fromkeys(portfolio["summary"]["without_records"], "nothing")
        assert len(portfolio["summary"]["without_records"]) == count
        assert (portfolio["summary"]["with_records"], portfolio["summary"]["records"]) == ([], 0)
        assert file.files.keys() == {"index.html", "portfolio.pdf", "portfolio.json", "manifest.json", "SHA256SUMS"}
        assert "What would count:" in file.page
    part = await api.get(asked["G"]["links"]["file"], status=206, headers={"Range": "bytes=0-1"})
    assert (part.content, part.headers["Content-Type"]) == (b"PK", "application/zip")
    assert part.headers["ETag"] == f'"{(await finished(api, asked["G"]))["file"]["sha256"]}"'
