"""What is registered with `snapshot_restore_py` is done, although the snapshot itself is not taken.

Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html (the order of both)
"""


def pass_through_snapshot():
    # costs only those who have a snapshot
    from snapshot_restore_py import get_after_restore, get_before_snapshot

    before = get_before_snapshot()
    while before:
        work, args, kwargs = before.pop()
        work(*args, **kwargs)
    for work, args, kwargs in get_after_restore():
        work(*args, **kwargs)
