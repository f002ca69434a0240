"""A generator that can forget: a stand-in, until the estimator has `partial_forget`."""

from sklearn_sslm import NGramTextGenerator as Generator

if not hasattr(Generator, "partial_forget"):

    class NGramTextGenerator(Generator):
        """Forgets by refitting on the texts that are left."""

        __init__ = Generator.__init__

        def fit(self, X, y=None):
            super().fit(X, y)
            self._texts = tuple(X)
            return self

        def partial_fit(self, X, y=None):
            super().partial_fit(X, y)
            self._texts = (*self._texts, *X)
            return self

        def partial_forget(self, X, y=None):
            left = list(self._texts)
            for text in X:
                if text not in left:
                    raise ValueError(f"The text {text!r} was never learned.")
                left.remove(text)
            return self.fit(left)

else:
    NGramTextGenerator = Generator
