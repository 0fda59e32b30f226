import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { parse } from 'yaml';
import { settings } from '../../main/config/settings.ts';
import { wrongWith } from '../support/cli-words.ts';
import { metricNames } from '../support/metric-names.ts';

const runbook = readFileSync('docs/runbook.md', 'utf8');
const blocks = [...runbook.matchAll(/```sh\n(.*?)```/gsu)].map(([, text = '']) => text);

/** The words of a shell line up to its comment; what is quoted is one word. */
const wordsOf = (line: string): ReadonlyArray<string> => {
  const words = [...line.matchAll(/'[^']*'|"[^"]*"|\S+/gu)].map(([word]) => word);
  const comment = words.indexOf('#');
  return comment === -1 ? words : words.slice(0, comment);
};

const inBlocks = blocks.flatMap((block) => block.split('\n')).filter((line) => line !== '');
const inText = [...runbook.matchAll(/`(freshmaker [^`]+)`/gu)].map(([, line = '']) => line);
const commands = [...inBlocks, ...inText]
  .map(wordsOf)
  .filter(([first]) => first === 'freshmaker')
  .map((words) => words.slice(1));

test('every command of the runbook is one that there is, with options that there are', (t) => {
  t.true(commands.length >= 25);
  t.deepEqual(commands.flatMap(wrongWith), []);
});

test('a command that there is not would be noticed', (t) => {
  t.deepEqual(wrongWith(['log', 'shred']), ['there is no command log shred']);
  t.deepEqual(wrongWith(['events', 'list', '--colour']), [
    'events list --colour: there is no option --colour',
  ]);
  t.deepEqual(wrongWith(['why']), ['why: it takes 1 arguments']);
});

test('every file of ours that the runbook names is there', (t) => {
  const named = [...runbook.matchAll(/\bops\/[\w./-]*\w/gu)].map(([file]) => file);
  t.true(named.length >= 5);
  t.deepEqual(
    named.filter((file) => !existsSync(file)),
    [],
  );
});

test('every setting and every metric that the runbook names exists', async (t) => {
  const known: ReadonlyArray<string> = Object.values(settings).map(({ env }) => env);
  const variables = [...runbook.matchAll(/FRESHMAKER_[A-Z_]+/gu)].map(([name]) => name);
  t.true(variables.length >= 10);
  t.deepEqual(
    variables.filter((name) => !known.includes(name)),
    [],
  );
  const names = new Set([...(await metricNames(t))].map((name) => name.replace(/_bucket$/u, '')));
  const metrics = [...runbook.matchAll(/`((?:freshmaker|nodejs|process)_\w+)`/gu)];
  t.true(metrics.length >= 8);
  t.deepEqual(
    metrics.map(([, name = '']) => name).filter((name) => !names.has(name)),
    [],
  );
});

test('the runbook speaks of every alarm, and of no other', (t) => {
  const file = parse(readFileSync('ops/prometheus/alerts.yaml', 'utf8')) as {
    readonly groups: ReadonlyArray<{ readonly rules: ReadonlyArray<{ readonly alert: string }> }>;
  };
  const alerts = file.groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
  const told = new Set([...runbook.matchAll(/\bFreshmaker[A-Z]\w+/gu)].map(([name]) => name));
  t.deepEqual([...told].sort(), [...alerts].sort());
});
