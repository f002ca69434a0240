"""Servers of the chat page, and a browser to visit them."""

import pytest
from _page_server import Server
from _visitor import CHROMIUM, Visitor

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """A page where visitors are on their own, and one that they share and save."""
    alone = Server(tmp_path_factory.mktemp("alone"))
    shared = Server(tmp_path_factory.mktemp("shared"), "--learn", "d.txt", "--shared")
    yield {"alone": alone.wait(), "shared": shared.wait()}
    for server in (alone, shared):
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(scope="module")
def browser():
    """Chromium without a screen."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, servers):
    """Let someone visit a page; it must have had nothing to complain of in the end."""
    visitors = []

    def visit(server="alone", **options):
        visitors.append(Visitor(browser, servers[server], **options))
        return visitors[-1]

    yield visit
    for visitor in visitors:
        visitor.context.close()
    assert [visitor.complaints for visitor in visitors] == [[]] * len(visitors)
