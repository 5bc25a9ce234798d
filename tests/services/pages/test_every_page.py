"""Every page in a real browser, at two widths: nothing goes wrong, nothing foreign runs."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

UNITS = f"/networks/tiny/layers/{quote('odd ?#%', safe='')}/units"
PAGES = {
    "start": "/",
    "network": "/networks/tiny",
    "units": UNITS,
    "facet": f"{UNITS}?status=described&sort=faithful",
    "unit": f"{UNITS}/1",
    "held-back": f"{UNITS}/0",
    "right-to-left": f"{UNITS}/6",
    "long": f"{UNITS}/12",
    "search": "/search?q=alert",
    "search-nothing": "/search?q=zzzz",
    "opinions": "/opinions",
    "compare": "/compare",
    "live": "/live",
    "runs": "/runs",
    "missing": "/nowhere",
}
SERIOUS = ("serious", "critical")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_an_error_and_anybody_can_use_it(
    site: str, watched: Any, pictures: Path, name: str
) -> None:
    page = watched.page
    answer = page.goto(site + PAGES[name], wait_until="networkidle")
    page.screenshot(path=pictures / f"{name}-{page.viewport_size['width']}.png", full_page=True)
    wrong = [text for text in watched.wrong if not (answer.status >= 400 and "Failed to load" in text)]
    assert wrong == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the screen"
    found = Axe().run(page).response["violations"]
    assert [
        (each["id"], [node["target"] for node in each["nodes"]])
        for each in found
        if each["impact"] in SERIOUS
    ] == []


def test_keys_lead_from_card_to_card_and_to_the_search(site: str, watched: Any) -> None:
    page = watched.page
    page.goto(site + UNITS)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('href')").endswith("/1")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).not_to_be_visible()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("alert")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=alert*")
    assert watched.wrong == []


def test_arrows_lead_from_unit_to_unit_and_escape_to_the_layer(site: str, watched: Any) -> None:
    page = watched.page
    page.goto(f"{site}{UNITS}/3")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/units/4")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/units/3")
    page.keyboard.press("Escape")
    page.wait_for_url("**/units")
    assert watched.wrong == []
