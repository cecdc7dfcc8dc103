"""Writes what ansible-playbook does, a JSON line each, to the file that REGPLAY_RECORD names."""

import json
import os

from ansible.parsing.ajson import AnsibleJSONEncoder
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
    name: record
    type: notification
    short_description: writes events as JSON lines
    description: One line for each result of a host or an item, and one with the recap.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"

    def __init__(self):
        super().__init__()
        self.file = open(os.environ["REGPLAY_RECORD"], "w", encoding="utf-8")

    def line(self, **event):
        self.file.write(json.dumps(event, cls=AnsibleJSONEncoder) + "\n")
        self.file.flush()

    def result(self, kind, got, status, ignored=False):
        # The copy that callbacks get is already without what `no_log` hides.
        result = got._result
        if status == "ok" and result.get("changed"):
            status = "changed"
        event = {
            "kind": kind,
            "host": got._host.get_name(),
            "task": got._task.get_name(),
            "action": got._task.action,
            "status": status,
            "ignored": bool(ignored),
            "result": result,
        }
        if kind == "item":
            event["label"] = "(censored due to no_log)" if "censored" in result else str(self._get_item_label(result))
        self.line(**event)

    def v2_playbook_on_play_start(self, play):
        self.line(kind="play", name=play.get_name())

    def v2_runner_on_ok(self, result):
        self.result("host", result, "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.result("host", result, "failed", ignore_errors)

    def v2_runner_on_skipped(self, result):
        self.result("host", result, "skipped")

    def v2_runner_on_unreachable(self, result):
        self.result("host", result, "unreachable", result._task.ignore_unreachable)

    def v2_runner_item_on_ok(self, result):
        self.result("item", result, "ok")

    def v2_runner_item_on_failed(self, result):
        self.result("item", result, "failed")

    def v2_runner_item_on_skipped(self, result):
        self.result("item", result, "skipped")

    def v2_playbook_on_stats(self, stats):
        hosts = {}
        for host in stats.processed:
            summary = stats.summarize(host)
            summary["failed"] = summary.pop("failures")
            hosts[host] = summary
        self.line(kind="recap", hosts=hosts)
