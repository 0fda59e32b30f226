/** What text is shown on: whether a person looks at it, and how many characters wide it is. */
export type Screen = { readonly isTerminal: boolean; readonly columns: number };

export type Column<Row> = {
  readonly title: string;
  readonly of: (row: Row) => string;
  /** Shown in the colour of the state it names. */
  readonly isState?: boolean;
};

const colours: Readonly<Record<string, number>> = {
  ...{ DONE: 32, COMPLETE: 32, yes: 32, succeeded: 32 },
  ...{ FAILED: 31, CANCELED: 31, no: 31 },
  ...{ BUILD: 33, BUILDING: 33, PLANNED: 36, INITIALIZED: 36, later: 33 },
};

/** The name of a state, in its colour where somebody looks at it. */
export const inColour = ({ isTerminal }: Screen, state: string, text = state): string => {
  const colour = colours[state];
  return isTerminal && colour !== undefined ? `\u001b[${colour}m${text}\u001b[0m` : text;
};

/** One line, without anything that a terminal would obey. */
export const plain = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();

const gap = '  ';

/** Lines of aligned columns under their titles; on a terminal cut at its edge. */
export const table = <Row>(
  screen: Screen,
  columns: ReadonlyArray<Column<Row>>,
  rows: ReadonlyArray<Row>,
): string => {
  const cells = rows.map((row) => columns.map(({ of }) => plain(of(row))));
  const titles = columns.map(({ title }) => title);
  const widths = titles.map((title, at) =>
    Math.max(title.length, ...cells.map((line) => line[at]?.length ?? 0)),
  );
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + gap.length, 0);
  const room = screen.isTerminal ? Math.max(screen.columns - before, 20) : Infinity;
  const fitted = (text: string, at: number): string => {
    if (at < last) return text.padEnd(widths[at] ?? 0);
    return text.length > room ? `${text.slice(0, room - 1)}…` : text;
  };
  const line = (texts: ReadonlyArray<string>, isTitle: boolean): string =>
    texts
      .map((text, at) => {
        const isState = !isTitle && columns[at]?.isState === true;
        return isState ? inColour(screen, text, fitted(text, at)) : fitted(text, at);
      })
      .join(gap)
      .trimEnd();
  return `${[line(titles, true), ...cells.map((texts) => line(texts, false))].join('\n')}\n`;
};

/** An ISO time to the minute, UTC; a dash where there is none. */
export const toMinute = (time: string | null): string =>
  time === null ? '-' : time.slice(0, 16).replace('T', ' ');

/** An ISO time to the second, UTC; a dash where there is none. */
export const toSecond = (time: string | null): string =>
  time === null ? '-' : `${time.slice(0, 19).replace('T', ' ')} UTC`;

/** `name value` lines, the values below one another; those without a value are left out. */
export const facts = (pairs: ReadonlyArray<readonly [string, string | null]>): string => {
  const told = pairs.flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, plain(value)] as const],
  );
  const width = Math.max(...told.map(([name]) => name.length));
  return told.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join('');
};

/** `key=value` of an object, the values as JSON where they are no text. */
export const inWords = (object: Readonly<Record<string, unknown>>): string =>
  Object.entries(object)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
