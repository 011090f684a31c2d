"""Compares the files of an image with their digests before any of them is loaded: a copy may have been changed on disk."""
import hashlib
import os

from .failure import Failed, describe

_PIECE = 1 << 20  # bytes read at once; Python lets other threads run while it hashes


def files_of(start):
    """Read every file that the start frame names. Failed with stage verify at the first that is not what it was."""
    for model in start["models"]:
        _compare(model["path"], model.get("files", ()), "model %s:%s" % (model["name"], model["version"]))
    if start["script"]:
        _compare(start["script"]["folder"], start["script"].get("files", ()), "the entry script")


def _compare(folder, files, owner):
    for file in files:
        title = "%s of %s" % (file["path"], owner)
        try:
            digest = _sha256(os.path.join(folder, *file["path"].split("/")))
        except FileNotFoundError:
            raise _mismatch(title, "is missing on disk")
        except (OSError, ValueError) as error:
            raise _mismatch(title, "cannot be read: %s" % describe(error))
        if digest != file["digest"]:
            raise _mismatch(title, "was changed on disk (SHA-256 %s, not %s)" % (digest[:12], file["digest"][:12]))


def _mismatch(title, problem):
    return Failed("verify", "digest-mismatch: %s %s" % (title, problem))


def _sha256(path):
    digest, piece = hashlib.sha256(), bytearray(_PIECE)
    view = memoryview(piece)
    with open(path, "rb", buffering=0) as file:
        for count in iter(lambda: file.readinto(piece), 0):
            digest.update(view[:count])
    return digest.hexdigest()
