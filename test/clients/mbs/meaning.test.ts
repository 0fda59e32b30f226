import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { refusal, type Answer, type Call } from '../../../clients/mbs/answer.ts';
import { baseOf, rowsOfStream, submission } from '../../../clients/mbs/request.ts';
import { readContents, readContentsPage, readRow } from '../../../clients/mbs/response.ts';
import { commitIn } from '../../../clients/mbs/row.ts';
import { aPage, aRow, commit, order } from './server.ts';

const answer = (status: number, body: unknown): Answer => ({
  asked: 'GET http://mbs/1/',
  status,
  contentType: 'application/json',
  location: null,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

test('what an answer other than success means depends on whether something was asked to be done', (t) => {
  const codeOf = (call: Call, status: number) => refusal(call, answer(status, '{}'))?.code;
  const expected: ReadonlyArray<readonly [number, string | undefined, string | undefined]> = [
    [200, undefined, undefined],
    [201, undefined, undefined],
    [302, 'mbs-refused', 'mbs-refused'],
    [400, 'mbs-refused', 'mbs-refused'],
    [401, 'mbs-refused', 'mbs-refused'],
    [403, 'mbs-refused', 'mbs-refused'],
    [404, 'mbs-refused', 'mbs-missing'],
    [408, 'mbs-unavailable', 'mbs-unavailable'],
    [409, 'mbs-conflict', 'mbs-conflict'],
    [422, 'mbs-refused', 'mbs-refused'],
    [429, 'mbs-unavailable', 'mbs-unavailable'],
    [500, 'mbs-unknown-outcome', 'mbs-unavailable'],
    [502, 'mbs-unknown-outcome', 'mbs-unavailable'],
    [503, 'mbs-unavailable', 'mbs-unavailable'],
    [504, 'mbs-unknown-outcome', 'mbs-unavailable'],
  ];
  for (const [status, submitting, reading] of expected) {
    t.is<unknown, unknown>(codeOf('submission', status), submitting, `submission ${status}`);
    t.is<unknown, unknown>(codeOf('reading', status), reading, `reading ${status}`);
  }
});

test('a page of HTML is told in its words, without its tags and not at length', (t) => {
  const page = `<html><head><title>500 Internal Server Error</title></head><body>${'x'.repeat(5000)}`;
  const reason = refusal('submission', answer(500, page))?.reason ?? '';
  t.regex(reason, /500, 500 Internal Server Error/);
  t.notRegex(reason, /</);
  t.true(reason.length < 500);
});

test('commits are read out of every form of address, and only whole ones', (t) => {
  t.is(commitIn(`git://pkgs.example.org/modules/foo?#${commit}`), commit);
  t.is(commitIn(`https://src.example.org/modules/foo.git?#${commit.toUpperCase()}`), commit);
  t.is(commitIn(`https://src.example.org/modules/foo.git#${commit}`), commit);
  t.is(commitIn('git://pkgs.example.org/modules/foo.git?#620ec77'), null);
  t.is(commitIn(null), null);
  t.is(commitIn(undefined), null);
});

test('a row of 2017 has no context and gives its time in seconds', (t) => {
  const old: Record<string, unknown> = { ...aRow({ time_completed: 1487188430.0 }) };
  delete old['context'];
  delete old['state_reason'];
  delete old['buildrequires'];
  const contents = readContents(answer(200, old));
  t.like(E.isRight(contents) ? contents.right : {}, {
    context: '00000000',
    completedAt: '2017-02-15T19:53:50Z',
  });
  const row = readRow(answer(200, { ...old, state_name: undefined }));
  t.like(E.isRight(row) ? row.right : {}, { context: null, stateName: 'ready', stateReason: null });
});

test('an answer with a wrong shape says where, and what was expected', (t) => {
  const row = readRow(answer(200, aRow({ state: 'ready' })));
  t.true(E.isLeft(row));
  t.regex(E.isLeft(row) ? row.left.reason : '', /state: "ready" is not whole number/);
});

test('one row that cannot be read does not hide the others of its page', (t) => {
  const items = [aRow({ id: 1 }), aRow({ id: 2, modulemd: 'cut…' }), 'odd', aRow({ id: 4 })];
  const page = readContentsPage(answer(200, aPage(items)));
  if (E.isLeft(page)) return t.fail(page.left.reason);
  t.deepEqual(
    page.right.builds.map((build) => build.buildId),
    [1, 4],
  );
  t.deepEqual(
    page.right.unreadable.map(({ id }) => id),
    [2, null],
  );
  t.regex(page.right.unreadable[0]?.reason ?? '', /modulemd of module build 2 \(baker:f40\)/);
});

test('a submission holds the two keys MBS wants and no other', (t) => {
  t.deepEqual(submission(2, order), {
    method: 'POST',
    path: '2/module-builds/',
    body: { scmurl: order.scmurl, branch: 'f40' },
  });
});

test('rows are asked for oldest first, so that a new one lands on a page not yet read', (t) => {
  t.regex(rowsOfStream('baker', 'f40', 1).path, /[?&]order_by=id&/);
});

test('names go into an address encoded', (t) => {
  t.regex(
    rowsOfStream('a&state=failed', 'x/y z', 3).path,
    /name=a%26state%3Dfailed&stream=x%2Fy\+z/,
  );
});

test('the base of the addresses ends in one slash and holds no version', (t) => {
  const base = 'https://mbs.example.org/module-build-service/';
  for (const given of [base, base.slice(0, -1), `${base}1/`, `${base}2`, `${base}/`]) {
    t.is(baseOf(given), base);
  }
});
