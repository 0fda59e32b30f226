import { benchApi } from './api.ts';
import { benchAppend } from './append.ts';
import { benchImages } from './images.ts';
import type { Figure } from './measure.ts';
import { benchProjection } from './projection.ts';
import { benchReading } from './reading.ts';
import { benchStart } from './start.ts';

const parts: Readonly<Record<string, () => Promise<ReadonlyArray<Figure>>>> = {
  append: benchAppend,
  reading: benchReading,
  projection: benchProjection,
  api: benchApi,
  images: benchImages,
  start: benchStart,
};

const usage = `npm run bench -- [--json] [part …]

Measures the service against the least that any program would have to do on the same store or loop,
both in turns in the same run. The ratio is what counts: it is ours by ceiling, the median over
the rounds. Parts: ${Object.keys(parts).join(', ')}; all of them unless named. Always ends with 0.
FRESHMAKER_BENCH_IMAGES=100000 tells the index of images at full size (some minutes); 5000 builds by default.
`;

const shown = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);

const row = (cells: ReadonlyArray<string>): string => {
  const [name = '', ours = '', ceiling = '', unit = '', ratio = '', target = '', note = ''] = cells;
  const numbers = [ours.padStart(9), ceiling.padStart(9), unit.padEnd(9), ratio.padStart(6)];
  return [name.padEnd(54), ...numbers, target.padStart(7), note].join(' ').trimEnd();
};

const line = ({ name, unit, ours, ceiling, ratio, target, isMet }: Figure): string =>
  row([
    ...[name, shown(ours), shown(ceiling), unit, ratio.toFixed(2), target.toFixed(2)],
    isMet ? '' : 'missed',
  ]);

const run = async (names: ReadonlyArray<string>, say: (text: string) => void) => {
  const figures: Array<Figure> = [];
  say(row(['name', 'ours', 'ceiling', 'unit', 'ratio', 'target']));
  for (const name of names) {
    try {
      for (const figure of (await parts[name]?.()) ?? []) {
        figures.push(figure);
        say(line(figure));
      }
    } catch (error) {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`${name} could not be measured: ${why}\n`);
    }
  }
  return figures;
};

const words = process.argv.slice(2);
const isJson = words.includes('--json');
const unknown = words.filter((word) => word !== '--json' && !(word in parts));
if (unknown.length > 0) {
  process.stdout.write(usage);
} else {
  const named = words.filter((word) => word in parts);
  const say = (text: string): void => {
    if (!isJson) process.stdout.write(`${text}\n`);
  };
  const figures = await run(named.length > 0 ? named : Object.keys(parts), say);
  if (isJson) process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
}
