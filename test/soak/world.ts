/** What the services say was asked of them, and what was published. */
export type Asked = {
  readonly messages: ReadonlyArray<string>;
  readonly moduleBuilds: ReadonlyArray<number>;
  readonly tasks: ReadonlyArray<number>;
  readonly composes: ReadonlyArray<number>;
  /** What was accepted more than once, of what should have been asked once. */
  readonly twice: ReadonlyArray<string>;
};

type Row = { readonly id: number; readonly name: string; readonly owner?: string };
type Task = {
  readonly id: number;
  readonly source: string;
  readonly opts: { readonly release?: string } | null;
};
type Request = {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly status: number;
};
type Search = {
  readonly raw_messages: ReadonlyArray<{ readonly id: string }>;
  readonly pages: number;
};

const get = async <A>(url: string): Promise<A> => {
  const answer = await fetch(url, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return (await answer.json()) as A;
};

/** Ids of everything that was ever published, without the year in front. */
export const publishedIn = async (sandbox: string): Promise<ReadonlyArray<string>> => {
  const ids: Array<string> = [];
  const end = Math.ceil(Date.now() / 1000) + 60;
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const query = `start=1&end=${end}&order=asc&rows_per_page=100&page=${page}`;
    const found = await get<Search>(`${sandbox}/datagrepper/v2/search?${query}`);
    pages = found.pages;
    ids.push(...found.raw_messages.map(({ id }) => id.replace(/^\d{4}-/u, '')));
  }
  return ids;
};

const moreThanOnce = (keys: ReadonlyArray<string>): ReadonlyArray<string> => {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const key of keys) (seen.has(key) ? again : seen).add(key);
  return [...again];
};

const submissions = (requests: ReadonlyArray<Request>): ReadonlyArray<string> =>
  requests
    .filter(({ method, path, status }) => {
      return method === 'POST' && path.includes('/module-builds') && status === 201;
    })
    .map(({ body }) => (JSON.parse(body) as { readonly scmurl: string }).scmurl);

const newIn = async <A extends { readonly id: number }>(
  url: string,
  before: ReadonlySet<number>,
): Promise<ReadonlyArray<A>> =>
  (await get<ReadonlyArray<A>>(url)).filter(({ id }) => !before.has(id));

/** Module builds that are there before anything is asked. */
export const seededRows = async (sandbox: string): Promise<ReadonlySet<number>> =>
  new Set((await get<ReadonlyArray<Row>>(`${sandbox}/sandbox/rows`)).map(({ id }) => id));

/** Everything that came to be in the services since. */
export const askedOf = async (sandbox: string, seeded: ReadonlySet<number>): Promise<Asked> => {
  const none: ReadonlySet<number> = new Set();
  const rows = await newIn<Row>(`${sandbox}/sandbox/rows`, seeded);
  const tasks = await newIn<Task>(`${sandbox}/sandbox/koji/tasks`, none);
  const composes = await newIn<Row>(`${sandbox}/sandbox/composes`, none);
  const requests = await get<ReadonlyArray<Request>>(`${sandbox}/sandbox/requests`);
  const releases = tasks.map(({ source, opts }) => `${source} ${opts?.release ?? ''}`);
  return {
    messages: await publishedIn(sandbox),
    moduleBuilds: rows.map(({ id }) => id),
    tasks: tasks.map(({ id }) => id),
    composes: composes.map(({ id }) => id),
    twice: [...moreThanOnce(submissions(requests)), ...moreThanOnce(releases)],
  };
};
