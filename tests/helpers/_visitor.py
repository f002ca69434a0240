"""A visitor of the chat page, in Chromium."""

import importlib.util
import re
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = [
    what
    for what, found in {
        "gradio": importlib.util.find_spec("gradio"),
        "playwright": importlib.util.find_spec("playwright"),
        "Chromium": CHROMIUM,
    }.items()
    if not found
]
in_a_browser = pytest.mark.skipif(
    bool(MISSING), reason=f"needs {', '.join(MISSING)}, see CONTRIBUTING.md"
)


class Visitor:
    """Someone with the page open in a browser of their own."""

    def __init__(self, browser, server, **options):
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.asked, self.complaints = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(server.url)
        self.message = self.page.get_by_role("textbox", name="Message")
        self.lesson = self.page.get_by_role("textbox", name="Lesson")
        self.bars = self.page.locator(".sslm-bars")
        self.sees(re.compile("(It knows|Conhece) .* (texts|textos)"))

    def _note(self, said):
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    def sees(self, text, where=None):
        """Wait until a text is to be seen."""
        (where or self.page).get_by_text(text).first.wait_for(timeout=20_000)

    def say(self, message):
        """Send a message; the reply to it."""
        replies = self.page.locator(".bot.message")
        n_before = replies.count()
        self.message.fill(message)
        self.message.press("Enter")
        replies.nth(n_before).wait_for(timeout=20_000)
        return replies.nth(n_before).inner_text().strip()

    def teach(self, text):
        """Teach a text and wait for it."""
        self._change("Teach", text, f"Learned: {text}")

    def forget(self, text):
        """Forget a text and wait for it."""
        self._change("Forget", text, f"Forgotten: {text}")

    def _change(self, button, text, note):
        self.lesson.fill(text)
        self.page.get_by_role("button", name=button, exact=True).click()
        self.sees(note)

    def surprise(self):
        """The words on the page, each followed by its surprise."""
        return self.page.locator(".sslm-words span").all_inner_texts()

    def move(self, slider, value, shown=None):
        """Move a slider, again if the page was too busy, until the bars show it."""
        from playwright.sync_api import TimeoutError as TooLong

        number = self.page.get_by_label(f"number input for {slider}")
        for last in (False, False, True):
            number.fill(str(value))
            number.press("Enter")
            if shown is None:
                return None
            try:
                return self.sees(shown, self.bars)
            except TooLong:
                if last:
                    raise
        return None
