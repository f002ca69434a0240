"""A smoothing as a third party might write it."""

import numpy as np

from sklearn_sslm.smoothing import Smoothing


class JelinekMercer(Smoothing):
    """Hands on a fixed share of every context."""

    def __init__(self, share=0.4):
        self.share = share

    def discounted(self, count, context):
        return (1 - self.share) * count / context.total

    def backoff_weight(self, context):
        return np.full(len(context.total), self.share)
