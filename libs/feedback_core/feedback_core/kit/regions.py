"""In which countries the people who answer are likely to be: their national numbers are known by it."""

from functools import cache
from importlib import resources

_FIELDS = 3
_COUNTRY = 2


def regions_of(time_zone: str, *languages: str) -> tuple[str, ...]:
    """ISO 3166 codes: of the country of an organisation's time zone, and of the regions that languages name.

    Args:
        time_zone: IANA name; one of no country, as UTC, gives none.
        languages: BCP 47 tags: ``de-CH`` names Switzerland, ``de`` no country.
    """
    found = [_country_by_zone()[time_zone]] if time_zone in _country_by_zone() else []
    for language in languages:
        found += [part for part in language.split("-")[1:] if len(part) == _COUNTRY and part.isalpha()]
    return tuple(dict.fromkeys(code.upper() for code in found))


@cache
def _country_by_zone() -> dict[str, str]:
    """Source: ``zone.tab`` of the time zone database, in which each zone is of one country."""
    lines = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {row[2]: row[0] for row in rows if len(row) >= _FIELDS}
