// Reads what AVA printed and says it in one line: `N passed, N failed, N skipped`.
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const text = stripVTControlCharacters(readFileSync(process.argv[2], 'utf8'));
const failures = [
  ...['tests? failed', 'uncaught exceptions?', 'unhandled rejections?', 'unhandled errors?'],
  ...['tests? timed out', 'tests? (?:was|were) pending', 'tests? remaining'],
];
const sum = (kinds) =>
  kinds
    .map((kind) => [...text.matchAll(new RegExp(`^ *(\\d+) ${kind}`, 'gmu'))].at(-1)?.[1] ?? '0')
    .reduce((total, count) => total + Number(count), 0);

// With a failure AVA leaves the number of those that passed out: then the ticks are counted.
const passed = sum(['tests? passed']) || [...text.matchAll(/^ *✔ /gmu)].length;
console.log(`${passed} passed, ${sum(failures)} failed, ${sum(['tests? skipped'])} skipped`);
