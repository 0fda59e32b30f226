/** One value; `suffix` is that of a histogram's parts. */
export type Sample = {
  readonly suffix?: '_bucket' | '_sum' | '_count';
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
};

/** A metric with all its values, in the words of Prometheus. */
export type Family = {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: ReadonlyArray<Sample>;
};

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

const numeral = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
};

const line = (name: string, { suffix, labels = {}, value }: Sample): string => {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  const braces = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
  return `${name}${suffix ?? ''}${braces} ${numeral(value)}\n`;
};

const helpText = (help: string): string => help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

/** The families as Prometheus reads them: text format 0.0.4. */
export const exposition = (families: ReadonlyArray<Family>): string =>
  families
    .map(({ name, help, type, samples }) => {
      const head = `# HELP ${name} ${helpText(help)}\n# TYPE ${name} ${type}\n`;
      return `${head}${samples.map((sample) => line(name, sample)).join('')}`;
    })
    .join('\n');
