"""What functions register to be done before a snapshot is taken, and after it was restored.

Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html
"""
_before_snapshot = []
_after_restore = []


def register_before_snapshot(work, *args, **kwargs):
    _before_snapshot.append((work, args, kwargs))
    return work


def register_after_restore(work, *args, **kwargs):
    _after_restore.append((work, args, kwargs))
    return work


def get_before_snapshot():
    return _before_snapshot


def get_after_restore():
    return _after_restore
