/** One recorded HTTP exchange: `> ` request lines, `< ` response lines. */
export type Recording = {
  readonly method: string;
  readonly path: string;
  readonly sent: string;
  readonly status: number;
  readonly reason: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: unknown;
};

const side = (text: string, mark: '>' | '<'): ReadonlyArray<string> =>
  text
    .split('\n')
    .filter((line) => line.startsWith(mark))
    .map((line) => line.slice(2));

const headerOf = (line: string): readonly [string, string] => {
  const at = line.indexOf(': ');
  return [line.slice(0, at).toLowerCase(), line.slice(at + 2)];
};

export const recordingOf = (text: string): Recording => {
  const request = side(text, '>');
  const response = side(text, '<');
  const [method = '', path = ''] = (request[0] ?? '').split(' ');
  const [, status, ...reason] = (response[0] ?? '').split(' ');
  const end = request.indexOf('');
  const gap = response.indexOf('');
  return {
    ...{ method, path, sent: end < 0 ? '' : request.slice(end + 1).join('\n') },
    ...{ status: Number(status), reason: reason.join(' ') },
    headers: new Map(response.slice(1, gap).map(headerOf)),
    body: JSON.parse(response.slice(gap + 1).join('\n')) as unknown,
  };
};
