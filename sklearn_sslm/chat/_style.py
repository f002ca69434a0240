"""The style sheet of the page, and its scripts."""

CSS = """
.gradio-container { width: 100%; max-width: 72rem !important; margin: 0 auto !important; }
.sslm-head { margin: 0 0 .25rem; font-size: 1.5rem; font-weight: 650; }
.sslm-note { margin: 0; color: var(--body-text-color-subdued); overflow-wrap: anywhere; }
.sslm-flush > .html-container { padding: 0 !important; }
.sslm-hint:not(:has(p)) { display: none; }
.sslm-small button { font-weight: 400; overflow-wrap: anywhere; white-space: normal; }

.sslm-words { display: flex; flex-wrap: wrap; gap: .3rem; margin: .3rem 0 .7rem; }
.sslm-words span {
    display: inline-flex; flex-direction: column; align-items: center;
    padding: .1rem .45rem; border-radius: .35rem; overflow-wrap: anywhere;
    color: var(--body-text-color);
    background: rgb(239 108 34 / calc(6% + var(--heat) * 64%));
}
.sslm-words small { font-size: .7rem; font-variant-numeric: tabular-nums; }

.sslm-bars {
    min-height: 18.5rem;  /* so that the parts below do not move */
    padding: .6rem .8rem; border: 1px solid var(--border-color-primary);
    border-radius: var(--block-radius);
    background: var(--block-background-fill);
}
.sslm-bars h2 { margin: 0; font-size: 1rem; font-weight: 600; overflow-wrap: anywhere; }
.sslm-bars ol { margin: .4rem 0 0; padding: 0; list-style: none; }
.sslm-bars li { margin: 0; padding: 0; }
.sslm-bars button {
    display: grid; font-weight: 400; grid-template-columns: 1fr auto; gap: .1rem .75rem;
    width: 100%; padding: .25rem .4rem .35rem; border: 0; border-radius: .35rem;
    background: none; color: var(--body-text-color); text-align: left; cursor: pointer;
}
.sslm-bars button:hover:enabled, .sslm-bars button:focus-visible {
    background: var(--button-secondary-background-fill);
}
.sslm-bars button:disabled { opacity: 1; cursor: default; }
.sslm-bars .word { font-weight: 400; overflow-wrap: anywhere; }
.sslm-bars .share { font-weight: 400; font-variant-numeric: tabular-nums; }
.sslm-bars .bar {
    grid-column: 1 / -1; height: .4rem; border-radius: .2rem; min-width: 2px;
    width: calc(var(--share) * 100%); background: rgb(239 108 34);
}

.sslm-why { width: 100%; border-collapse: collapse; }
.sslm-why, .sslm-why :is(thead, tbody, tr) { border: 0 !important; }
.sslm-why th, .sslm-why td {
    padding: .2rem .75rem .2rem 0; text-align: left; vertical-align: top;
    overflow-wrap: anywhere; border: 0 !important;
    border-top: 1px solid var(--border-color-primary) !important;
}
.sslm-why th { font-weight: 600; overflow-wrap: normal; border-top: 0 !important; }
.sslm-why :is(th, td):last-child {
    padding-right: 0; text-align: right; white-space: nowrap;
}

/* Where the keyboard is, and the handle of a slider, which is white on white. */
.gradio-container :is(input, textarea, button):focus-visible {
    outline: 2px solid var(--primary-600) !important; outline-offset: 0;
}
#sslm-message .submit-button { margin-left: 0.5rem; }
.gradio-container input[type="range"]::-webkit-slider-thumb {
    border: 1px solid var(--neutral-500);
}
.gradio-container input[type="range"]::-moz-range-thumb {
    border: 1px solid var(--neutral-500);
}

@media (max-width: 640px) {  /* suggestions are right below the message */
    .gradio-container > .main { padding-inline: 1rem !important; }
    .sslm-why tr { display: grid; grid-template-columns: 1fr auto; }
    .sslm-why :is(tr, th, td) { margin: 0 !important; padding-right: 0; }
    .sslm-why tr { padding: 0; }
    .sslm-why :is(th, td):nth-child(2) {
        grid-area: 2 / 1 / 3 / 3; border-top: 0 !important;
        color: var(--body-text-color-subdued);
    }
    .sslm-columns { display: flex; flex-direction: column; }
    .sslm-columns > .column { display: contents; }
    .sslm-later { order: 1; }
    .sslm-last { order: 2; }
}
"""

START = """() => {
    const language = navigator.language.toLowerCase().split("-")[0];
    document.documentElement.lang = language === "pt" ? "pt" : "en";
    document.addEventListener("click", (event) => {
        const word = event.target.closest(".sslm-bars button[data-to]");
        const box = document.querySelector("#sslm-message textarea");
        if (!word || !box || box.value !== word.dataset.from) return;
        box.value = word.dataset.to;
        box.dispatchEvent(new Event("input", { bubbles: true }));
        box.focus();
    });
}"""
"""Is run when the page is loaded: sets its language, and lets a click type a word.

A click does nothing if the word was suggested for a text that has changed since.
"""

LANGUAGE = "(_, ...others) => [navigator.language, ...others]"
"""Replaces the first input of an event by the language of the browser."""
