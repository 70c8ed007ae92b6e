"""changedetection.io's own checks, run in its environment: `python -P peer_check.py FOLDER [ADDRESSES]`.

With a JSON file of addresses they become the watches of the datastore in FOLDER, each reading the page's table. Without,
each watch goes once through its own queue and its own workers, as many as it has by default and logging as by default,
in a process that has none of its web application and scheduler.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from threading import Event
from types import SimpleNamespace

from changedetectionio import __version__, worker_pool
from changedetectionio.queue_handlers import NotificationQueue, RecheckPriorityQueue
from changedetectionio.queuedWatchMetaData import PrioritizedItem
from changedetectionio.store import ChangeDetectionStore


def main() -> None:
    folder, addresses = sys.argv[1], sys.argv[2:]
    datastore = ChangeDetectionStore(datastore_path=folder, version_tag=__version__, include_default_watches=False)
    if addresses:
        for address in json.loads(Path(addresses[0]).read_text()):
            datastore.add_watch(url=address, extras={"include_filters": ["table"]})
        return
    queue, app = RecheckPriorityQueue(), SimpleNamespace(config=SimpleNamespace(exit=Event()))
    for uuid, watch in datastore.data["watching"].items():
        watch.reset_watch_edited_flag()  # loading sets it: the first check after a start skips nothing, later ones do
        queue.put(PrioritizedItem(priority=1, item={"uuid": uuid}))
    workers = datastore.data["settings"]["requests"]["workers"]
    worker_pool.start_workers(workers, queue, NotificationQueue(), app, datastore)
    while queue.qsize() or worker_pool.get_running_uuids():
        time.sleep(0.05)
    errors = {watch["last_error"] for watch in datastore.data["watching"].values() if watch["last_error"]}
    print(*errors, sep="\n", flush=True)
    os._exit(bool(errors))  # its workers do not end by themselves


if __name__ == "__main__":
    main()
