"""Contrast of the text on a page, as WCAG 2 defines it."""

# Red, green and blue of an element's text and of what is behind it.
COLOURS = """element => {
    const rgb = name => getComputedStyle(name).color.match(/[0-9.]+/g).map(Number);
    let behind = element, fill;
    do {
        fill = getComputedStyle(behind).backgroundColor.match(/[0-9.]+/g).map(Number);
        behind = behind.parentElement;
    } while (fill.length == 4 && fill[3] < 1 && behind);
    return [rgb(element), fill];
}"""


def luminance(colour):
    """Relative luminance as WCAG 2 defines it."""
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in colour[:3])
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
