"""Makes the pictures of the README: ``python docs/pictures.py`` writes them to ``docs/_static``.

It needs matplotlib, and for the chat page the extras ``web`` and ``test-web`` and Chromium.
"""

import runpy
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
from PIL import Image

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "docs" / "_static"
MESSAGES = ["Olá!", "Olá! Como você"]


def draw_surprise(path):
    """Draw the sentence of the example of pictures, by its model."""
    plt.switch_backend("agg")
    example = runpy.run_path(str(ROOT / "examples" / "plot_08_look_inside.py"))
    display = example["SurpriseDisplay"].from_estimator(
        example["model"], example["sentence"]
    )
    display.figure_.savefig(path, dpi=120)


def shoot_chat_page(path):
    """Serve the chat page, chat, and take a picture of it."""
    from playwright.sync_api import sync_playwright

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "sklearn_sslm", "chat", "--web", "--seed", "1"]
    server = subprocess.Popen([*command, "--port", port], stdout=subprocess.PIPE)
    try:
        server.stdout.readline()  # it serves
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            size = {"width": 1080, "height": 800}
            page = browser.new_page(viewport=size, color_scheme="light", locale="en")
            page.goto(f"http://127.0.0.1:{port}")
            message = page.get_by_role("textbox", name="Message")
            for text in MESSAGES:
                replies = page.locator(".bot.message").count()
                message.fill(text)
                message.press("Enter")
                page.locator(".bot.message").nth(replies).wait_for()
            page.wait_for_timeout(3000)  # until all around the reply is drawn
            page.screenshot(path=path)
            browser.close()
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def shrink(path, n_colours=128):
    """Write a picture again, with fewer colours."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(n_colours)
    small.save(path, optimize=True)


def main():
    """Make all pictures, or those that are named."""
    makers = {"surprise": draw_surprise, "chat_page": shoot_chat_page}
    for name in sys.argv[1:] or makers:
        path = STATIC / f"{name}.png"
        makers[name](path)
        shrink(path)


if __name__ == "__main__":
    main()
