"""Models that read documents: the vectorizers of scikit-learn iterate over texts, where a table has rows of one text each."""
from . import loaders


def taken(model):
    """The model, or the same that takes rows of one text, when its first step reads documents."""
    try:
        return _OfDocuments(model) if _reads_documents(model) else model
    except Exception:  # of somebody else's class, which means something else by these names
        return model


def _reads_documents(step):
    """A vectorizer, or what begins with one: a pipeline, a union of several, a search over them."""
    if hasattr(step, "build_analyzer"):
        return step.input == "content"  # the others would open what a client names
    best = getattr(step, "best_estimator_", None)
    first = list(getattr(step, "steps", ()))[:1] + list(getattr(step, "transformer_list", ()))[:1]
    return any(_reads_documents(one) for one in [best] + [part[1] for part in first] if one is not None)


class _OfDocuments:
    takes_documents = True

    def __init__(self, model):
        self.wrapped_estimator = model

    def __getattr__(self, method):
        function = getattr(self.wrapped_estimator, method)
        return lambda rows: function(_texts(rows))


def _texts(rows):
    """The texts of rows that come as a matrix, as lists or as the texts themselves. ValueError for anything else."""
    rows = rows.tolist() if hasattr(rows, "tolist") else rows
    texts = [row[0] if isinstance(row, list) and len(row) == 1 else row for row in rows]
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError("Row %d is not one text, which is what the model takes" % (place + 1))
    return texts
