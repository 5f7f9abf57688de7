"""Waits in pages that keep their policy, which refuses Playwright's `wait_for_function`."""

from playwright.sync_api import Page

LATE = 10_000  # milliseconds


def until(page: Page, condition: str) -> None:
    """Wait until an expression of JavaScript holds, which may await something."""
    page.evaluate(f"""async () => {{
      const late = performance.now() + {LATE}
      while (!({condition})) {{
        if (performance.now() > late) throw Error("This never held: " + {condition!r})
        await new Promise(resolve => setTimeout(resolve, 10))
      }}
    }}""")
