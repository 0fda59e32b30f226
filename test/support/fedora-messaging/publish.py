"""Publishes the messages on standard input, a JSON list of {topic, body}; says their ids."""

import json
import sys

from fedora_messaging import api, message

ids = []
for wanted in json.load(sys.stdin):
    one = message.Message(
        topic=wanted["topic"], body=wanted["body"], severity=message.WARNING
    )
    one.priority = wanted.get("priority")
    api.publish(one)
    ids.append(one.id)
print(json.dumps(ids))
