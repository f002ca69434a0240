"""How Sphinx builds the pages; ``sphinx-build -n -W docs OUTPUT`` is the command."""

import sys
from pathlib import Path

import numpy as np
from docutils import nodes
from sphinx.ext.autosummary import autosummary_noop, autosummary_table

import sklearn_sslm
from sklearn_sslm import ngrams, smoothing

sys.path.append(str(Path(__file__).parent / "_ext"))

project = "sklearn_sslm"
author = "The sklearn_sslm developers"
project_copyright = author
version = release = sklearn_sslm.__version__

extensions = [
    "constants",
    "line_breaks",
    "mathml",
    "myst_parser",
    "numpydoc",
    "options",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["_build", "_templates"]
templates_path = ["_templates"]
default_role = "literal"
highlight_language = "none"

# Markdown ----------------------------------------------------------------------------
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

# The API, from docstrings ------------------------------------------------------------
autodoc_typehints = "none"  # docstrings tell the types
autodoc_preserve_defaults = True
autosummary_ignore_module_all = False
autosummary_imported_members = False
bases = (  # What they define is not repeated in the pages of subclasses.
    *[smoothing.Smoothing, ngrams.LanguageModel],
    *[tuple, BaseException, np.ndarray],
)
autodoc_default_options = {
    "members": True,
    "no-value": True,
    "special-members": "__call__",
    "inherited-members": ", ".join(base.__name__ for base in bases),
}
autodoc_member_order = "bysource"
toc_object_entries_show_parents = "hide"
numpydoc_show_inherited_class_members = {
    f"{module.__name__}.{name}": False
    for module in (sklearn_sslm, ngrams, smoothing)
    for name in module.__all__
    if isinstance(kind := getattr(module, name), type) and issubclass(kind, bases)
}
numpydoc_class_members_toctree = False
numpydoc_validation_checks = {
    "all",
    "ES01",  # a summary may say everything there is to say
    "EX01",  # an example of a class shows its small methods, too
    "GL01",  # a docstring begins right after its quotes
    "GL08",  # what a smoothing overrides is documented where it comes from
    "PR10",  # a parameter of two names has its blank behind the comma
    "RT02",  # "self : Estimator" and "greetings : Bunch" are scikit-learn's habit
    "RT03",  # and need no words
    "SA01",  # not everything has a relative
    "SS06",  # one law of two lines reads better than a cut summary and a rest
    "YD01",  # an iterator is what is returned
}
numpydoc_validation_exclude = {
    r"\.SMOOTHINGS$",  # the docstring checked would be that of dict
    r"\.WordIds$",  # transform makes it: the parameters would be those of ndarray
    r"\.ngrams\.",  # the fields of its data classes are documented as attributes
    # What scikit-learn documents:
    r"NGramClassifier\.score$",
    r"\.(fit_predict|get_params|set_output|get_metadata_routing|set_\w+_request)$",
    r"(WordIndexTransformer|NGramMixture|RecentWords|smoothing\.\w+)\.set_params$",
}

# What these pages name outside this project and where it is explained. A list and not
# intersphinx, which would fetch the inventories of other sites for every build.
ELSEWHERE = {
    "accuracy_score": "https://scikit-learn.org/stable/modules/model_evaluation.html#accuracy-score",
    "numpy.ndarray": "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.html",
    "sklearn.compose.ColumnTransformer": "https://scikit-learn.org/stable/modules/generated/sklearn.compose.ColumnTransformer.html",
    "sklearn.ensemble.IsolationForest": "https://scikit-learn.org/stable/modules/generated/sklearn.ensemble.IsolationForest.html",
    "sklearn.feature_extraction.text.CountVectorizer": "https://scikit-learn.org/stable/modules/generated/sklearn.feature_extraction.text.CountVectorizer.html",
    "sklearn.calibration.CalibratedClassifierCV": "https://scikit-learn.org/stable/modules/generated/sklearn.calibration.CalibratedClassifierCV.html",
    "sklearn.naive_bayes.MultinomialNB": "https://scikit-learn.org/stable/modules/generated/sklearn.naive_bayes.MultinomialNB.html",
    "sklearn.preprocessing.TargetEncoder": "https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.TargetEncoder.html",
    "sklearn.utils.Bunch": "https://scikit-learn.org/stable/modules/generated/sklearn.utils.Bunch.html",
}

# Classes of sklearn.base whose pages explain methods that estimators inherit.
INHERITED = {
    "fit_predict": "OutlierMixin",
    "get_params": "BaseEstimator",
    "score": "ClassifierMixin",
    "set_output": "TransformerMixin",
    "set_params": "BaseEstimator",
}

# The gallery -------------------------------------------------------------------------
sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "auto_examples",
    "abort_on_example_error": True,
    "copyfile_regex": r".*\.rst",
    "default_thumb_file": str(Path(__file__).parent / "_static" / "logo.svg"),
    "download_all_examples": False,
    "min_reported_time": 3600,
    "within_subsection_order": "FileNameSortKey",
    "write_computation_times": False,
    "show_memory": False,
    "remove_config_comments": True,
    "show_signature": False,
}

# The languages -----------------------------------------------------------------------
PORTUGUESE = {"pt", "auto_examples/plot_00_tutorial_pt"}

# The look ----------------------------------------------------------------------------
html_theme = "pydata_sphinx_theme"
html_title = project
html_logo = "_static/logo.svg"
html_favicon = "_static/logo.svg"
html_static_path = ["_static"]
html_css_files = ["sslm.css"]
html_math_renderer = "mathml"
html_context = {"default_mode": "auto"}  # light or dark
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "logo": {"text": project},
    "header_links_before_dropdown": 7,
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "github-dark",
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": True,
}
html_sidebars = {  # a page without pages below it has nothing to show there
    page: []
    for page in [
        *["index", "pt", "why", "get_started"],
        *["architecture", "benchmarks", "glossary", "changelog", "contributing"],
    ]
}
copybutton_prompt_text = r">>> |\.\.\. ?|\$ "
copybutton_prompt_is_regexp = True


def refer_elsewhere(_app, _env, node, contnode):
    """Link to the page of a name that is explained elsewhere."""
    url = ELSEWHERE.get(node.get("reftarget"))
    if url is None:
        return None
    return nodes.reference("", "", contnode, internal=False, refuri=url)


def summarize(_app, what, name, method, _options, lines):
    """Leave one sentence and a link of the methods that scikit-learn documents."""
    if what != "method" or not str(method.__module__).startswith("sklearn."):
        return
    name = name.rpartition(".")[2]
    page = "metadata_routing.html"
    if owner := INHERITED.get(name):
        page = f"generated/sklearn.base.{owner}.html#sklearn.base.{owner}.{name}"
    url = f"https://scikit-learn.org/stable/modules/{page}"
    lines[lines.index("") :] = ["", f"`More in scikit-learn <{url}>`__."]


def skip_fields(_app, _what, _name, member, skip, _options):
    """Leave the fields of named tuples to the docstring of the class."""
    return True if type(member).__name__ == "_tuplegetter" else skip


def tell_language(_app, page, _template, context, _doctree):
    """Say of Portuguese pages that they are, to programs that read aloud or translate."""
    if page in PORTUGUESE:
        context["language"] = "pt"
    if page == "pt":  # which no page precedes or follows
        context.update(prev=None, next=None)


def setup(app):
    """Connect the above."""
    app.connect("autodoc-process-docstring", summarize, priority=400)
    app.connect("autodoc-skip-member", skip_fields)
    # Blanks in the tables of autosummary stay blanks, where a phone breaks lines.
    as_it_is = autosummary_noop, autosummary_noop
    app.add_node(autosummary_table, override=True, html=as_it_is)
    app.connect("html-page-context", tell_language)
    app.connect("missing-reference", refer_elsewhere)
