import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { parse } from 'yaml';
import { loadConfig } from '../../main/config/load-config.ts';
import { settings } from '../../main/config/settings.ts';
import { wrongWith } from '../support/cli-words.ts';
import { metricNames, metricsIn } from '../support/metric-names.ts';

const read = (file: string): string => readFileSync(file, 'utf8');

type Service = {
  readonly image: string;
  readonly command?: ReadonlyArray<string>;
  readonly env_file?: ReadonlyArray<string | { readonly path: string; readonly required: boolean }>;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly healthcheck?: { readonly test: ReadonlyArray<string> };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: ReadonlyArray<string>;
  readonly volumes?: ReadonlyArray<string>;
  readonly stop_grace_period?: string;
};
type Compose = {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
};

const compose = parse(read('ops/compose.yaml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image === 'freshmaker');

/** What the files that are shipped and the compose file set; a file that need not be there is absent. */
const environmentOf = ({ env_file: files = [], environment = {} }: Service) => {
  const shipped = files.flatMap((file) => (typeof file === 'string' ? [file] : []));
  const lines = shipped.flatMap((file) => [...read(`ops/${file}`).matchAll(/^(\w+)=(.*)$/gmu)]);
  const given = Object.entries(environment).map(([name, value]) => [name, String(value)] as const);
  return Object.fromEntries([
    ...lines.map(([, name = '', value = '']) => [name, value] as const),
    ...given,
  ]);
};

const configOf = (service: Service) => loadConfig(environmentOf(service), {});

test('the compose file starts two backends and a frontend with commands that there are', (t) => {
  t.deepEqual(
    ours.map(([name, { command }]) => [name, command]),
    [
      ['backend-1', ['backend']],
      ['backend-2', ['backend']],
      ['frontend', ['frontend']],
    ],
  );
  for (const [, { command = [] }] of ours) t.deepEqual(wrongWith(command), []);
});

test('the settings of the compose file exist and are accepted as they stand', (t) => {
  t.is(ours.length, 3);
  const known: ReadonlyArray<string> = Object.values(settings).map(({ env }) => env);
  for (const [name, service] of ours) {
    const given = Object.keys(environmentOf(service));
    t.deepEqual(
      given.filter((variable) => !known.includes(variable)),
      [],
      name,
    );
    const config = configOf(service);
    if (E.isLeft(config)) return t.fail(config.left.join('\n'));
    t.true(config.right.rehearsal, 'nothing outside is called unless somebody says so');
    t.like(config.right, { mbsUrl: null, kojiUrl: null, odcsUrl: null, gitUrl: null });
    const grace = Number(/^(\d+)s$/.exec(service.stop_grace_period ?? '')?.[1]);
    t.true(grace > config.right.drain + 1, 'a stop has time for the drain');
  }
});

test('every setting can be given in a file of one installation, and none that must follow the log is set', (t) => {
  t.is(ours.length, 3);
  for (const [name, service] of ours) {
    t.deepEqual(service.env_file?.at(-1), { path: 'freshmaker.env', required: false }, name);
    const fixed = Object.keys(service.environment ?? {});
    const own = ['EVENTSTORE', 'MONGODB', 'HOST', 'PORT', 'HEALTH_PORT', 'DRAIN'];
    t.deepEqual(
      fixed,
      own.map((word) => `FRESHMAKER_${word}`),
    );
    t.false('FRESHMAKER_POLICY' in environmentOf(service), 'what is in force stays so');
    t.true(service.volumes?.includes('./secrets:/etc/freshmaker:ro'), name);
  }
  t.regex(read('ops/Containerfile'), /openssh-client/u);
});

test('health is asked for on the ports that the processes listen on', (t) => {
  t.is(ours.length, 3);
  for (const [name, service] of ours) {
    const config = configOf(service);
    if (E.isLeft(config)) return t.fail(config.left.join('\n'));
    const { port, healthPort } = config.right;
    const listens = name === 'frontend' ? port : healthPort;
    const asked = service.healthcheck?.test.join(' ') ?? '';
    t.true(asked.includes(`http://127.0.0.1:${listens}/healthz`), name);
    for (const published of service.ports ?? []) t.true(published.endsWith(`:${listens}`), name);
  }
});

const isMounted = (volume: string): boolean => {
  const [source = ''] = volume.split(':');
  return source.startsWith('.') ? existsSync(`ops/${source}`) : source in compose.volumes;
};

test('what the compose file depends on, mounts and publishes is there, and only on this machine', (t) => {
  t.is(services.length, 8);
  for (const [name, { depends_on: needs = {}, volumes = [], ports = [] }] of services) {
    for (const [other, { condition }] of Object.entries(needs)) {
      t.is(condition, 'service_healthy', name);
      t.truthy(compose.services[other]?.healthcheck, `${other} has a health check`);
    }
    for (const volume of volumes) t.true(isMounted(volume), `${name}: ${volume}`);
    for (const port of ports) t.true(port.startsWith('127.0.0.1:'), `${name}: ${port}`);
  }
});

test('the image is built in stages, holds what it copies, and does not run as root', (t) => {
  const lines = read('ops/Containerfile').split('\n');
  const of = (word: string) => lines.filter((line) => line.startsWith(`${word} `));
  t.is(of('FROM').length, 2);
  t.deepEqual(of('USER'), ['USER node']);
  const copied = of('COPY')
    .filter((line) => !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1));
  t.true(copied.length > 4);
  t.deepEqual(
    copied.filter((file) => !existsSync(file)),
    [],
  );
  const kept = of('COPY').flatMap((line) => /--from=build \/build\/(\S+)/.exec(line)?.[1] ?? []);
  t.true(kept.includes('ops/policies'), 'the policy of a first start is shipped');
  t.deepEqual(wrongWith(JSON.parse(of('CMD')[0]?.slice(4) ?? '[]') as ReadonlyArray<string>), []);
  const left = read('.dockerignore').split('\n');
  for (const name of ['.git', 'node_modules', 'dist', 'data']) t.true(left.includes(name), name);
});

test('Prometheus scrapes every process of the compose file where it tells its metrics', (t) => {
  const file = parse(read('ops/prometheus/prometheus.yaml')) as {
    readonly scrape_configs: ReadonlyArray<{
      readonly job_name: string;
      readonly static_configs: ReadonlyArray<{ readonly targets: ReadonlyArray<string> }>;
    }>;
  };
  const targets = file.scrape_configs.flatMap((job) =>
    job.static_configs.flatMap((each) => each.targets),
  );
  const expected = ours.map(([name]) => `${name}:${name === 'frontend' ? 8080 : 9101}`);
  t.deepEqual([...targets].sort(), expected);
});

type Rule = {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly runbook: string };
};

const rules = (
  parse(read('ops/prometheus/alerts.yaml')) as {
    readonly groups: ReadonlyArray<{ readonly rules: ReadonlyArray<Rule> }>;
  }
).groups.flatMap((group) => group.rules);

type Board = {
  readonly panels: ReadonlyArray<{
    readonly title: string;
    readonly targets: ReadonlyArray<{ readonly expr: string }>;
  }>;
};

test('alerts and dashboard use no metric that the service does not give', async (t) => {
  const names = await metricNames(t);
  const board = JSON.parse(read('ops/grafana/freshmaker.json')) as Board;
  const drawn = board.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  t.true(rules.length >= 10 && drawn.length >= 20);
  for (const expression of [...rules.map(({ expr }) => expr), ...drawn]) {
    const used = metricsIn(expression);
    t.true(used.length > 0 || /\bup\b/.test(expression), expression);
    t.deepEqual(
      used.filter((name) => !names.has(name)),
      [],
      expression,
    );
  }
});

test('alerts on a first message watch the metric that is there before it', (t) => {
  const onMessages = rules.filter(({ alert }) => alert.endsWith('Messages'));
  t.is(onMessages.length, 2);
  for (const { expr } of onMessages)
    t.deepEqual(metricsIn(expr), ['freshmaker_faulty_messages_total']);
});

test('every metric of ours is on the dashboard or among the alerts', async (t) => {
  const shown = read('ops/grafana/freshmaker.json') + read('ops/prometheus/alerts.yaml');
  const names = [...(await metricNames(t))].filter((name) => name.startsWith('freshmaker_'));
  t.true(names.length > 15);
  const forgotten = names
    .map((name) => name.replace(/_(bucket|sum|count)$/u, ''))
    .filter((name) => !shown.includes(name) && name !== 'freshmaker_source_messages_total');
  t.deepEqual(forgotten, []);
});

test('every alert leads to a section of the runbook', (t) => {
  const anchors = [...read('docs/runbook.md').matchAll(/^#+ (.+)$/gmu)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/gu, '')
      .replaceAll(' ', '-'),
  );
  t.true(rules.length >= 10);
  for (const { alert, annotations } of rules) {
    const [file, anchor = ''] = annotations.runbook.split('#');
    t.is(file, 'docs/runbook.md', alert);
    t.true(anchors.includes(anchor), `${alert}: ${anchor}`);
  }
});
