import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { aFolder } from '../ingest-world.ts';
import type { Rabbit } from '../rabbitmq.ts';

/** A python that can import fedora_messaging, Fedora's own client; undefined where none is named. */
export const fedoraMessagingPython = process.env['FRESHMAKER_TEST_FEDORA_MESSAGING'];

/** Why tests are skipped that need it. */
export const noFedoraMessaging =
  'FRESHMAKER_TEST_FEDORA_MESSAGING names no python that can import fedora_messaging';

type Said = {
  readonly out: ReadonlyArray<string>;
  readonly logged: string;
  readonly code: number | null;
};

const logging = `
[log_config]
version = 1
disable_existing_loggers = true

[log_config.formatters.simple]
format = "%(levelname)s %(name)s: %(message)s"

[log_config.handlers.console]
class = "logging.StreamHandler"
formatter = "simple"
stream = "ext://sys.stderr"

[log_config.root]
level = "WARNING"
handlers = ["console"]
`;

const settingsOf = ({ tls }: Rabbit, vhost: string): string => {
  if (tls === undefined) throw new Error('Fedora’s client logs in by certificate');
  return `
amqp_url = "${tls.url.replace('%2F', encodeURIComponent(vhost))}?connection_attempts=3&retry_delay=5"
topic_prefix = "org.fedoraproject.prod"
passive_declares = false

[tls]
ca_cert = "${tls.authority}"
certfile = "${tls.client.certificate}"
keyfile = "${tls.client.key}"

[queues.python]
durable = true
auto_delete = false
exclusive = false
arguments = {}

[[bindings]]
queue = "python"
exchange = "amq.topic"
routing_keys = ["#"]

[[bindings]]
queue = "python"
exchange = "zmq.topic"
routing_keys = ["#"]


${logging}`;
};

/** Runs one of the scripts here on a virtual host, with the client certificate of the broker. */
export const runFedoraMessaging = async (
  t: ExecutionContext,
  rabbit: Rabbit,
  {
    vhost,
    script,
    args = [],
    input = '',
  }: {
    readonly vhost: string;
    readonly script: 'publish.py' | 'consume.py';
    readonly args?: ReadonlyArray<string>;
    readonly input?: string;
  },
): Promise<Said> => {
  const file = join(aFolder(t), 'config.toml');
  writeFileSync(file, settingsOf(rabbit, vhost));
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(fedoraMessagingPython ?? '', [path, ...args], {
    env: { PATH: process.env['PATH'], FEDORA_MESSAGING_CONF: file },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  let [out, logged] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (logged += bytes.toString()));
  child.stdin.end(input);
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { out: out.split('\n').filter((line) => line !== ''), logged, code };
};
