"""What axe-core finds wrong with a page, for those who use it by keyboard, by screen reader or with little sight."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def serious(page: Page) -> list[str]:
    """Violations that axe-core calls serious or critical: its rule, and the elements it names; empty if none."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {', '.join(str(node['target'][-1]) for node in one['nodes'])}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
