"""Pictures of charts as parts of a page: ids that no other picture has, and one name for screen readers."""

import re
from typing import Final
from xml.etree import ElementTree as ET

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]  # no stubs here

from feedback_core.reports.rendering.fonts import runs_of

_SVG: Final = "http://www.w3.org/2000/svg"
_LINK: Final = "{http://www.w3.org/1999/xlink}href"
_REFERENCE: Final = re.compile(r"url\(\s*['\"]?#([^'\")]+)['\"]?\s*\)")
_TOLD: Final = re.compile(r"^(aria-.*|role|tabindex)$")

ET.register_namespace("", _SVG)
ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def part_of_page(svg: str, name: str) -> str:
    """An SVG that can stand in a page beside others.

    Its ids are prefixed with ``name``, and it is one picture for screen readers: its title and description say it all.
    """
    root = fromstring(svg)
    for element in root.iter():
        for attribute in [key for key in element.attrib if _TOLD.match(key)]:
            del element.attrib[attribute]
        if "id" in element.attrib:
            element.set("id", f"{name}-{element.get('id')}")
        for attribute, value in element.attrib.items():
            element.set(attribute, _REFERENCE.sub(rf"url(#{name}-\1)", value))
        for attribute in ("href", _LINK):
            target = element.get(attribute)
            if target is None:
                continue
            if target.startswith("#"):
                element.set(attribute, f"#{name}-{target[1:]}")
            else:
                # Nothing of a report may lead the reader's program elsewhere.
                del element.attrib[attribute]
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-chart-title {name}-chart-desc")
    root.set("focusable", "false")
    return str(ET.tostring(root, encoding="unicode", short_empty_elements=False))


def set_in_our_fonts(svg: str) -> str:
    """An SVG whose texts name a font for each script in them.

    A typesetter looks for one font for a whole text, and shows boxes where it lacks some of it.
    """
    root = fromstring(svg)
    for element in root.iter(f"{{{_SVG}}}text"):
        if element.text is None:
            continue
        first, *others = runs_of(element.text)
        element.set("font-family", first[0])
        element.text = first[1]
        for number, (family, text) in enumerate(others):
            part = ET.Element(f"{{{_SVG}}}tspan", {"font-family": family})
            part.text = text
            element.insert(number, part)
    return str(ET.tostring(root, encoding="unicode"))
