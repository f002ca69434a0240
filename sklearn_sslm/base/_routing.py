"""Metadata routing of `partial_forget`, a method that scikit-learn does not know."""

from __future__ import annotations

from typing import Any, Self

from sklearn import get_config
from sklearn.utils.metadata_routing import UNCHANGED, MetadataRequest

_METHOD = "partial_forget"


class RoutingRequest(MetadataRequest):
    """A `MetadataRequest` of scikit-learn's methods, and of `partial_forget`.

    scikit-learn's own meta-estimators call scikit-learn's methods only. Other ones can
    read from this request which metadata to pass to `partial_forget`.

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
        """The same request with `partial_forget`."""
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


class ForgetRequestMixin:
    """A mixin for estimators whose `partial_forget` can request metadata."""

    def set_partial_forget_request(
        self, *, sample_weight: bool | str | None = UNCHANGED
    ) -> Self:
        """Set whether meta-estimators should pass `sample_weight` to `partial_forget`.

        As ``set_fit_request``, with scikit-learn's metadata routing enabled.
        Meta-estimators that forget read the request from `get_metadata_routing`.

        Parameters
        ----------
        sample_weight : bool, str or None
            True: it is passed. False: it is not. None: it is not, and raises an error if
            it is given. A str: metadata of that name are passed.

        Returns
        -------
        self : object

        Raises
        ------
        RuntimeError
            If metadata routing is not enabled.

        Examples
        --------
        >>> import sklearn
        >>> from sklearn_sslm import NGramTextGenerator
        >>> with sklearn.config_context(enable_metadata_routing=True):
        ...     model = NGramTextGenerator()
        ...     model = model.set_partial_forget_request(sample_weight=True)
        ...
        >>> model.get_metadata_routing().partial_forget.requests
        {'sample_weight': True}
        """
        if not get_config()["enable_metadata_routing"]:
            msg = (
                f"{type(self).__name__}.set_partial_forget_request needs metadata "
                "routing. Got enable_metadata_routing=False; call "
                "sklearn.set_config(enable_metadata_routing=True)."
            )
            raise RuntimeError(msg)
        request = self._get_metadata_request()
        if sample_weight != UNCHANGED:
            asked = {"param": "sample_weight", "alias": sample_weight}
            request.partial_forget.add_request(**asked)
        self._metadata_request = request
        return self

    def _get_metadata_request(self):
        request = super()._get_metadata_request()  # type: ignore[misc]  # BaseEstimator's
        return RoutingRequest.of(request)
