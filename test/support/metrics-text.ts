export type Shown = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

const sample = /^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? (\S+)$/iu;
const pair = /([a-z_][a-z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)/giu;
const unescaped = (text: string): string =>
  text.replace(/\\(.)/gu, (_, one: string) => (one === 'n' ? '\n' : one));

const shown = (line: string): Shown => {
  const [, name, labels = '', value] = sample.exec(line) ?? [];
  if (name === undefined) throw new Error(`no line of an exposition: ${line}`);
  const pairs = [...labels.matchAll(pair)];
  const read = pairs.map(([all]) => all).join('');
  if (read !== labels) throw new Error(`no labels: ${labels}`);
  return {
    name,
    labels: Object.fromEntries(pairs.map(([, key = '', text = '']) => [key, unescaped(text)])),
    value: value === '+Inf' ? Infinity : Number(value),
  };
};

/** Reads what Prometheus would; throws where Prometheus would refuse it. */
export const readExposition = (text: string): ReadonlyArray<Shown> => {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const samples = lines.map(shown);
  const seen = new Set<string>();
  for (const { name, labels, value } of samples) {
    const series = `${name} ${JSON.stringify(labels)}`;
    if (seen.has(series)) throw new Error(`told twice: ${series}`);
    seen.add(series);
    if (Number.isNaN(value) && name.startsWith('freshmaker_'))
      throw new Error(`no number: ${series}`);
  }
  const types = [...text.matchAll(/^# TYPE (\S+)/gmu)].map(([, name]) => name ?? '');
  if (new Set(types).size !== types.length) throw new Error('a type is told twice');
  return samples;
};

/** The values of one metric, by those of its labels that matter. */
export const valuesOf = (
  samples: ReadonlyArray<Shown>,
  metric: string,
  ...by: ReadonlyArray<string>
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    samples
      .filter(({ name }) => name === metric)
      .map(({ labels, value }) => [by.map((label) => labels[label] ?? '').join(' '), value]),
  );
