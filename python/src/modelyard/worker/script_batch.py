"""run_batch(inputs) of an entry script: all requests that wait are answered by one call."""
import sys

from . import log, reply
from .answers import answer, attempt
from .failure import Invalid
from .schema import HEADERS
from .script import as_text, headers_of


def answer_items(script, items, parts):
    """One (item, body) for every item of a score frame, in its order."""
    answers, good = [None] * len(items), []
    for index, (item, part) in enumerate(zip(items, parts)):
        outcome = attempt(item["id"], lambda: as_text(item, bytes(part)))
        if outcome.status == "ok":
            good.append((index, item, outcome.value))
        else:
            answers[index] = answer(item["id"], outcome)
    for (index, _, _), one in zip(good, _answer_all(script, [item for _, item, _ in good], [text for _, _, text in good])):
        answers[index] = one
    return answers


def _answer_all(script, items, texts):
    if not items:
        return []
    outcome = attempt(items[0]["id"] if len(items) == 1 else None, lambda: _call(script, items, texts))
    if outcome.status == "ok":
        return [_answer_one(item, result, outcome.run_ms) for item, result in zip(items, outcome.value)]
    if isinstance(outcome.error, WrongLength):
        return [_answer_wrong(item, outcome) for item in items]
    if outcome.status == "timeout" or len(items) == 1:
        return [answer(item["id"], outcome) for item in items]
    # Each by itself: one bad input must not fail the others.
    return [_answer_all(script, [item], [text])[0] for item, text in zip(items, texts)]


class WrongLength(Exception):
    """run_batch() did not answer a list with one item for each input."""


def _answer_wrong(item, outcome):
    """A line in the log for each request; a traceback would show nothing of the script."""
    log.belongs_to(item["id"])
    sys.stderr.write("%s: the whole list fails\n" % outcome.error)
    log.belongs_to(None)
    return answer(item["id"], outcome._replace(error=None))


def _call(script, items, texts):
    given = {script.parameters[0].name: list(texts)}
    if script.wants_headers:
        given[HEADERS] = [headers_of(item) for item in items]
    results = script.run(**given)
    if hasattr(results, "tolist"):
        results = results.tolist()
    if not isinstance(results, (list, tuple)):
        raise WrongLength("run_batch() answered %s for %d inputs, not a list" % (type(results).__name__, len(texts)))
    if len(results) != len(texts):
        raise WrongLength("run_batch() answered %d items for %d inputs" % (len(results), len(texts)))
    return results


def _answer_one(item, result, run_ms):
    if isinstance(result, Exception):
        outcome = attempt(item["id"], lambda: _raise(result))
    else:
        outcome = attempt(item["id"], lambda: _whole(result))
    return answer(item["id"], outcome._replace(run_ms=run_ms))


def _raise(error):
    raise error


def _whole(result):
    found = reply.of(result)
    if found.items is not None:
        raise TypeError("an item of run_batch() cannot be a generator")
    return found
