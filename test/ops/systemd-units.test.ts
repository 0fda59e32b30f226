import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { settings } from '../../main/config/settings.ts';
import { wrongWith } from '../support/cli-words.ts';
import { aFolder } from '../support/ingest-world.ts';

const names = ['freshmaker-backend@.service', 'freshmaker-frontend.service'] as const;
const read = (name: string): string => readFileSync(`ops/systemd/${name}`, 'utf8');
const valueOf = (text: string, key: string): string =>
  new RegExp(`^${key}=(.*)$`, 'mu').exec(text)?.[1] ?? '';

for (const name of names) {
  const text = read(name);

  test(`${name} runs a command that there is, with settings that there are`, (t) => {
    const [, after = ''] = valueOf(text, 'ExecStart').split('/dist/main/cli.js ');
    t.deepEqual(wrongWith(after.split(' ')), []);
    const known: ReadonlyArray<string> = Object.values(settings).map(({ env }) => env);
    const used = [...text.matchAll(/FRESHMAKER_[A-Z_]+/gu)].map(([variable]) => variable);
    t.true(used.length > 0);
    t.deepEqual(
      used.filter((variable) => !known.includes(variable)),
      [],
    );
  });

  test(`${name} gives a stop more time than the drain takes, and is confined`, (t) => {
    t.is(valueOf(text, 'KillSignal'), 'SIGTERM');
    t.true(Number(valueOf(text, 'TimeoutStopSec')) > settings.drain.fallback + 1);
    t.not(valueOf(text, 'User'), 'root');
    t.not(valueOf(text, 'EnvironmentFile'), '');
    t.is(valueOf(text, 'ProtectSystem'), 'strict');
    t.is(valueOf(text, 'NoNewPrivileges'), 'yes');
  });

  test(`${name} may ask for the addresses of its machine, as it must on 0.0.0.0`, (t) => {
    const families = valueOf(text, 'RestrictAddressFamilies').split(' ');
    t.deepEqual(families, ['AF_INET', 'AF_INET6', 'AF_UNIX', 'AF_NETLINK']);
  });
}

const hasVerifier = spawnSync('systemd-analyze', ['--version']).status === 0;
const verifying = hasVerifier ? test : test.skip;

verifying(
  hasVerifier
    ? 'systemd finds nothing wrong with the units'
    : 'systemd finds nothing wrong with the units (skipped: there is no systemd-analyze)',
  (t) => {
    const folder = aFolder(t);
    const files = names.map((name) => {
      const file = join(folder, name.replace('@', '@9101'));
      // The program of this machine: what is not there would be complained of.
      writeFileSync(file, read(name).replaceAll('/usr/bin/node', process.execPath));
      return file;
    });
    t.is(files.length, 2);
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', ...files],
      { encoding: 'utf8' },
    );
    t.is(stdout + stderr, '');
    t.is(status, 0);
  },
);
