import { readFileSync } from 'node:fs';
import test from 'ava';
import { catalogue } from '../../domain/catalogue.ts';

const document = readFileSync('docs/events.md', 'utf8');
const section = document.split('\n## ').find((text) => text.startsWith('Catalogue')) ?? '';
const rows = section.split('\n').filter((line) => line.startsWith('|'));

for (const name of catalogue.keys()) {
  test(`docs/events.md says once what ${name} means, who writes it and who reads it`, (t) => {
    const told = rows.filter((row) =>
      row
        .split('|')
        .slice(1, 3)
        .some((cell) => cell.trim() === `\`${name}\``),
    );
    t.is(told.length, 1);
    const cells = (told[0] ?? '').split('|').slice(1, -1);
    t.true(cells.every((cell) => cell.trim() !== ''));
  });
}

test('every event on record is named like the codec that reads it', (t) => {
  t.true(catalogue.size > 0);
  for (const [name, codec] of catalogue) t.is(codec.name, name);
});
