import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { settings } from '../../main/config/settings.ts';

const readme = readFileSync('README.md', 'utf8');
const rows = readme.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));

const shown = (value: string | number | boolean | null | ReadonlyArray<string>): string => {
  if (value === null || (typeof value === 'object' && value.length === 0)) return '';
  if (typeof value !== 'object') return `\`${value}\``;
  return `\`${value.map((part) => part || '(none)').join(', ')}\``;
};

for (const [name, { env, fallback }] of Object.entries(settings)) {
  test(`the README says how ${name} is set and what holds by default`, (t) => {
    const row = rows.find((cells) => cells[1] === `\`${name}\``);
    t.deepEqual(row?.slice(2, 4), [`\`${env}\``, shown(fallback)]);
  });
}

test('the README names no variable that nobody reads', (t) => {
  const named = [...readme.matchAll(/FRESHMAKER_[A-Z_]+/gu)].map(([name]) => name);
  const known: ReadonlyArray<string> = Object.values(settings).map(({ env }) => env);
  const strangers = named.filter(
    (name) => ![...known, 'FRESHMAKER_CONFIG', 'FRESHMAKER_URL'].includes(name),
  );
  t.deepEqual(strangers, []);
});

test('every file and folder the README points at is there', (t) => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/gu)].map(([, path]) => path ?? '');
  t.true(links.length > 0);
  t.deepEqual(
    links.filter((path) => !existsSync(path)),
    [],
  );
});
