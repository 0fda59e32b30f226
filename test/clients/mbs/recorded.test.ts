import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { refusal, type Answer } from '../../../clients/mbs/answer.ts';
import { readContents, readRow, readRows, readSubmitted } from '../../../clients/mbs/response.ts';

type Shown = Readonly<Record<string, unknown>> & {
  readonly id: number;
  readonly scmurl: string | null;
  readonly tasks?: { readonly rpms?: Readonly<Record<string, unknown>> };
};
type Body = Shown & { readonly message: string; readonly items: ReadonlyArray<Shown> };
type Exchange = { readonly name: string; readonly request: string; readonly answer: Answer };

const folder = process.env['FRESHMAKER_SAMPLES'] ?? '../shared/samples';
const files = existsSync(folder)
  ? readdirSync(folder).filter((name) => /^mbs-http-.*\.txt$/.test(name))
  : [];
const reason =
  files.length > 0
    ? ''
    : ` (skipped: ${folder} holds no mbs-http-*.txt; FRESHMAKER_SAMPLES names the folder of samples)`;
const recorded = files.length > 0 ? test : test.skip;

const exchangeIn = (name: string): Exchange => {
  const lines = readFileSync(join(folder, name), 'utf8').split('\n');
  const head = lines.find((line) => line.startsWith('< HTTP/')) ?? '';
  const begin = lines.findIndex((line) => line.trimEnd() === '<');
  const body = lines.slice(begin + 1).map((line) => line.replace(/^< ?/, ''));
  const status = Number(/^< HTTP\/[\d.]+ (\d+)/.exec(head)?.[1]);
  const answer = { asked: name, status, contentType: 'application/json', location: null };
  return { name, request: lines[0] ?? '', answer: { ...answer, body: body.join('\n') } };
};

const exchanges = files.map(exchangeIn);
const bodyOf = ({ answer }: Exchange): Body => JSON.parse(answer.body) as Body;
const isSuccess = ({ answer }: Exchange): boolean => answer.status < 300;
const ofBuilds = exchanges.filter(({ request }) => request.includes('/module-builds/'));

const shown = (row: Shown) => ({
  id: row.id,
  name: row['name'],
  stream: row['stream'],
  version: row['version'],
  context: row['context'],
  state: row['state'],
  stateName: row['state_name'],
  stateReason: row['state_reason'] ?? null,
  commit: row.scmurl?.slice(-40) ?? null,
});

const right = <A>(outcome: E.Either<unknown, A>): A => {
  if (E.isRight(outcome)) return outcome.right;
  throw new Error(JSON.stringify(outcome.left));
};

recorded(`every recorded refusal is told in the words of MBS${reason}`, (t) => {
  const refusals = ofBuilds.filter((exchange) => !isSuccess(exchange));
  t.true(refusals.length > 0);
  for (const exchange of refusals) {
    const call = exchange.request.startsWith('> GET') ? 'reading' : 'submission';
    const failure = refusal(call, exchange.answer);
    const codes: Readonly<Record<number, string>> = {
      404: call === 'reading' ? 'mbs-missing' : 'mbs-refused',
      409: 'mbs-conflict',
    };
    t.is<unknown, unknown>(failure?.code, codes[exchange.answer.status] ?? 'mbs-refused');
    const words = bodyOf(exchange).message.replace(/\s+/g, ' ').slice(0, 300);
    t.true(failure?.reason.includes(words), exchange.name);
  }
});

recorded(`every recorded list of builds is read row by row${reason}`, (t) => {
  const lists = ofBuilds.filter((exchange) => isSuccess(exchange) && 'items' in bodyOf(exchange));
  const whole = lists.filter(({ request }) => !request.includes('short='));
  t.true(whole.length > 0);
  for (const exchange of whole) {
    t.deepEqual<unknown, unknown>(
      right(readRows(exchange.answer)).rows,
      bodyOf(exchange).items.map(shown),
      exchange.name,
    );
  }
  for (const { answer } of lists) t.true(E.isRight(readRows(answer)));
});

recorded(`every recorded submission to version 2 is read as a list of rows${reason}`, (t) => {
  const submitted = ofBuilds.filter(
    (exchange) => isSuccess(exchange) && Array.isArray(bodyOf(exchange)),
  );
  t.true(submitted.length > 0);
  for (const exchange of submitted) {
    const rows = bodyOf(exchange) as unknown as ReadonlyArray<Shown>;
    t.deepEqual<unknown, unknown>(right(readSubmitted(exchange.answer)), rows.map(shown));
  }
});

recorded(`every recorded single row is read, short ones without their commit${reason}`, (t) => {
  const rows = ofBuilds.filter(
    (exchange) => isSuccess(exchange) && typeof bodyOf(exchange).id === 'number',
  );
  t.true(rows.length > 0);
  for (const exchange of rows) {
    t.deepEqual<unknown, unknown>(right(readRow(exchange.answer)), shown(bodyOf(exchange)));
  }
});

recorded(`every recorded row with modulemd holds what MBS built for it${reason}`, (t) => {
  const verbose = ofBuilds.filter(
    (exchange) => isSuccess(exchange) && typeof bodyOf(exchange)['modulemd'] === 'string',
  );
  t.true(verbose.length > 0);
  for (const exchange of verbose) {
    const contents = right(readContents(exchange.answer));
    const held = contents.components.map((component) => component.package);
    for (const built of Object.keys(bodyOf(exchange).tasks?.rpms ?? {})) {
      t.true(built === 'module-build-macros' || held.includes(built), `${exchange.name}: ${built}`);
    }
    t.true(held.length > 0);
    t.true(contents.buildRequires.length > 0);
  }
});
