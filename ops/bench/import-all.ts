import { readFileSync } from 'node:fs';

// Imports what the list names, but not what would run (the command line and the recorder).
const addresses = readFileSync(process.argv[2] ?? '', 'utf8').split('\n');
const wanted = addresses.filter((url) => url !== '' && !/\/(main\/cli|bench\/[^/]*)\./.test(url));
for (const url of wanted) await import(url);
process.stdout.write(`imported ${wanted.length}\n`);
process.exit(0);
