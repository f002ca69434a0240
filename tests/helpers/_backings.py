"""The same model on every backing: in memory, with an overlay, compact, mapped, saved."""

import io

import joblib
import skops.io

BACKINGS = {}


def backing(make):
    """Register a way to have the model of some texts."""
    BACKINGS[make.__name__] = make
    return make


@backing
def fitted(model, texts, folder):
    """Fitted at once."""
    return model.fit(texts)


@backing
def online(model, texts, folder):
    """Learned on, one text after the other."""
    model.fit(texts[:-3])
    for text in texts[-3:]:
        model.partial_fit([text])
    return model


@backing
def forgotten(model, texts, folder):
    """Fitted on more texts, of which some were forgotten, with words of their own."""
    others = ["um texto que se foi", "e vai embora um", texts[0]]
    return model.fit([*texts, *others]).partial_forget(others)


@backing
def mapped(model, texts, folder):
    """In a file that is mapped into memory."""
    joblib.dump(model.fit(texts), folder / "mapped.joblib")
    return joblib.load(folder / "mapped.joblib", mmap_mode="r")


@backing
def mapped_and_changed(model, texts, folder):
    """In a file that is mapped into memory, learned on and forgotten since."""
    joblib.dump(model.fit([*texts[1:], "zz yy zz"]), folder / "changed.joblib")
    again = joblib.load(folder / "changed.joblib", mmap_mode="r")
    return again.partial_forget(["zz yy zz"]).partial_fit(texts[:1])


@backing
def loaded_by_skops(model, texts, folder):
    """Saved and loaded by skops."""
    data = skops.io.dumps(model.fit(texts))
    trusted = skops.io.get_untrusted_types(data=data)
    return skops.io.load(io.BytesIO(data), trusted=trusted)


@backing
def compact(model, texts, folder):
    """In few bits; nothing can be learned on."""
    return model.fit(texts).compact()


@backing
def compact_and_mapped(model, texts, folder):
    """In few bits, in a file that is mapped into memory."""
    joblib.dump(model.fit(texts).compact(), folder / "compact.joblib")
    return joblib.load(folder / "compact.joblib", mmap_mode="r")


CAN_LEARN = sorted(name for name in BACKINGS if "compact" not in name)
