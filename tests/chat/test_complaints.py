"""Tests of `sklearn_sslm.chat._complaints`."""

from sklearn_sslm.chat._complaints import MAX_LINES, PERIOD, Complaints


def test_visitors_cannot_flood_the_terminal():
    """Of a thousand odd requests a minute a few are told, and then how many there were."""
    lines, now = [], [1000.0]
    complain = Complaints(lines.append, clock=lambda: now[0])
    for nth in range(1000):
        complain("odd", nth)
    assert lines == [f"odd {nth}" for nth in range(MAX_LINES)]
    now[0] += PERIOD
    complain("odd")
    assert lines[MAX_LINES:] == [f"{1000 - MAX_LINES} more requests were odd", "odd"]
    now[0] += PERIOD
    complain("odd")
    assert lines[MAX_LINES + 2 :] == ["odd"]  # none was left out since


def test_a_complaint_is_one_short_line():
    """What visitors chose cannot break the line, move the cursor or fill the screen."""
    lines = []
    Complaints(lines.append)(
        "odd path:", "a\nsslm: all is well\x1b[2J\u202e" + "x" * 999
    )
    (line,) = lines
    assert line.isprintable()
    assert len(line) <= 200
    assert line.startswith(r"odd path: 'a\nsslm: all is well\x1b[2J\u202exxx")
