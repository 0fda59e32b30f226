"""Consumes so many messages and says each on a line of its own, as it was understood."""

import json
import sys

from fedora_messaging import api, exceptions

left = int(sys.argv[1])


def callback(message):
    global left
    left -= 1
    schema = message._properties.headers["fedora_messaging_schema"]
    said = {"id": message.id, "topic": message.topic, "body": message.body, "schema": schema}
    print(json.dumps(said), flush=True)
    if left == 0:
        raise exceptions.HaltConsumer()


try:
    api.consume(callback)
except exceptions.HaltConsumer:
    pass
