"""Metadata routing of `partial_forget`, a method that scikit-learn does not know."""

from __future__ import annotations

from typing import Any, Self

from sklearn.utils.metadata_routing import MetadataRequest

_METHOD = "partial_forget"


class RoutingRequest(MetadataRequest):
    """The metadata that methods ask for: those of scikit-learn, and `partial_forget`.

    scikit-learn's own meta-estimators call the methods of scikit-learn only. Others can
    read from this what to hand to `partial_forget`.

    Parameters
    ----------
    owner : object
        As `sklearn.utils.metadata_routing.MetadataRequest` takes it.

    Attributes
    ----------
    partial_forget : object
        Like `fit`, `score` and so on, with ``requests`` and ``add_request``.

    Examples
    --------
    >>> request = RoutingRequest.of(MetadataRequest(owner="model"))
    >>> request.partial_forget.add_request(param="sample_weight", alias=True)
    {'sample_weight': True}
    >>> request.consumes("partial_forget", ["sample_weight", "groups"])
    {'sample_weight'}
    """

    __module__ = "sklearn_sslm.base"  # the name in saved files

    def __init__(self, owner: Any) -> None:
        super().__init__(owner)
        self.partial_forget = self._request({"sample_weight": None})

    @classmethod
    def of(cls, request: MetadataRequest) -> Self:
        """The same request, with `partial_forget` where it has not."""
        if isinstance(request, cls):
            return request
        own = cls(request.owner)
        own.__dict__.update(vars(request))
        return own

    def __sklearn_clone__(self):
        twin = type(self).of(super().__sklearn_clone__())
        twin.partial_forget = twin._request(self.partial_forget.requests)
        return twin

    def _serialize(self):
        return super()._serialize() | {_METHOD: self.partial_forget._serialize()}

    def _request(self, requests):
        kind = type(self.fit)
        return kind(owner=self.owner, method=_METHOD, requests=dict(requests))
