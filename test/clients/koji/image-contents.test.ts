import test, { type ExecutionContext } from 'ava';
import type { ImageAnswer } from '../../../clients/koji/port.ts';
import type { XmlRpcValue } from '../../../clients/koji/xml-rpc/value.ts';
import { aHub, left, methods, right, source, value } from './a-hub.ts';
import {
  anArchive,
  anImage,
  anRpm,
  answeringBy,
  theContents,
  theTask,
  theWorld,
} from './a-world.ts';
import type { Methods } from './a-world.ts';

process.env['TZ'] = 'Asia/Tokyo'; // far from UTC: where this machine is must not matter

const contentsIn = async (
  t: ExecutionContext,
  over: Partial<Methods>,
  build: number | string = 31,
): Promise<ImageAnswer> => {
  const hub = await aHub(t, answeringBy({ ...theWorld, ...(over as Methods) }));
  const [answer] = await right(hub.koji().imageContents([build]));
  return answer!;
};
const built = (build: XmlRpcValue): Methods => ({
  getBuild: (params) => (params[0] === 31 ? build : (theWorld['getBuild']?.(params) ?? null)),
});
const rpmsOfBuild99: Methods = { listRPMs: () => [anRpm(5, 'salt-1-1', 99)] };

test('an image is told with its parent, target, commit, arches and each RPM once', async (t) => {
  t.deepEqual(await contentsIn(t, {}), { type: 'image', contents: theContents });
});

test('every round of questions for many images is one request', async (t) => {
  const hub = await aHub(
    t,
    answeringBy({ ...theWorld, listArchives: () => [anArchive(61, 'x86_64')] }),
  );
  const koji = hub.koji();
  const answers = await right(koji.imageContents([31, 'nothing-1-1', 31, 31]));
  t.deepEqual(
    answers.map((answer) => (answer.type === 'image' ? 'image' : answer.code)),
    ['image', 'missing', 'image', 'image'],
  );
  t.deepEqual(methods(hub), Array<string>(4).fill('multiCall'));
  await right(koji.imageContents([31]));
  t.is(hub.asked.length, 7, 'names of source packages are known by then');
});

test('many images are asked about in requests of bounded size', async (t) => {
  const hub = await aHub(t, answeringBy(theWorld));
  await right(hub.koji().imageContents(Array<number>(150).fill(31)));
  const sizes = hub.asked.map(({ params }) => (params[0] as ReadonlyArray<unknown>).length);
  t.true(Math.max(...sizes) <= 100);
  t.deepEqual(sizes.slice(0, 5), [100, 50, 100, 100, 100]);
  const large = hub.asked.filter(({ params }) => JSON.stringify(params).includes('listRPMs'));
  t.true(large.every(({ params }) => (params[0] as ReadonlyArray<unknown>).length <= 8));
});

test('no build means no contents, and why', async (t) => {
  const codes = async (over: Partial<Methods>): Promise<unknown> => {
    const answer = await contentsIn(t, over);
    return answer.type === 'none' ? answer.code : answer.type;
  };
  t.is(await codes(built(null)), 'missing');
  t.is(await codes(built(anImage({ state: 0 }))), 'not-complete');
  t.is(await codes(built({ id: 31 })), 'unreadable');
  t.is(await codes(built({ faultCode: 1000, faultString: 'No such build: 31' })), 'missing');
  t.is(await codes(built({ faultCode: 1, faultString: 'KeyError' })), 'unreadable');
  const plain = { ...built(anImage({ extra: null })), listArchives: () => [] };
  t.is(await codes(plain), 'not-an-image');
  t.is(await codes(built(anImage({ extra: null, source: null }))), 'not-an-image');
  const nameless = { ...built(anImage({ source: null })), getTaskInfo: () => null };
  t.is(await codes(nameless), 'unreadable');
  t.is(await codes({ listRPMs: () => [{ id: 1 }] }), 'unreadable');
});

test('a hub that is offline in the middle says nothing about the image', async (t) => {
  const offline = { faultCode: 1014, faultString: 'offline' };
  for (const method of ['getBuild', 'listArchives', 'getTaskInfo', 'listRPMs']) {
    const hub = await aHub(t, answeringBy({ ...theWorld, [method]: () => offline }));
    t.is((await left(hub.koji().imageContents([31]))).code, 'koji-unavailable', method);
  }
});

test('without a task, or a branch in its request, branch and target are not known', async (t) => {
  const ordered = async (over: Partial<Methods>) => {
    const answer = await contentsIn(t, over);
    return answer.type === 'image' ? [answer.contents.branch, answer.contents.target] : answer;
  };
  t.deepEqual(await ordered({ getTaskInfo: () => null }), [null, null]);
  t.deepEqual(await ordered({ getTaskInfo: () => ({ ...theTask, request: null }) }), [null, null]);
  t.deepEqual(await ordered({ getTaskInfo: () => ({ ...theTask, request: [source, 'x', {}] }) }), [
    null,
    'x',
  ]);
  const noTask = built(anImage({ extra: { image: {} }, task_id: null }));
  t.deepEqual(await ordered(noTask), [null, null]);
});

test('a parent is asked for where Koji tells only its id, and is none where it is gone', async (t) => {
  const parentOf = async (over: Partial<Methods>) => {
    const answer = await contentsIn(t, over);
    return answer.type === 'image' ? answer.contents.parent : answer;
  };
  const image = anImage({}, { parent_image_builds: null });
  const found: Methods = {
    getBuild: ([asked]) => (asked === 31 ? image : { id: 21, name: 'base', nvr: 'base-40-8.f40' }),
  };
  t.deepEqual(await parentOf(found), { buildId: 21, nvr: 'base-40-8.f40' });
  t.is(await parentOf(built(image)), null);
  t.is(await parentOf(built(anImage({}, { parent_build_id: null }))), null);
});

test('the address of the source names the repository, however it is written', async (t) => {
  const hash = 'c0ffee'.repeat(6) + 'c0ff';
  const named: ReadonlyArray<readonly [string, string, string, string | null]> = [
    [`git://pkgs.example.org/containers/oven#${hash}`, 'containers', 'oven', hash],
    [`git+https://src.example.org/container/oven.git#${hash}`, 'container', 'oven', hash],
    [`git+https://src.example.org/git/container/oven?#${hash}`, 'container', 'oven', hash],
    ['https://src.example.org/container/oven.git/#origin/f40', 'container', 'oven', null],
    ['https://src.example.org/oven', 'container', 'oven', null],
  ];
  for (const [url, namespace, name, commit] of named) {
    const answer = await contentsIn(t, built(anImage({ source: url })));
    if (answer.type === 'none') return t.fail(answer.reason);
    const { contents } = answer;
    t.deepEqual([contents.namespace, contents.name, contents.commit], [namespace, name, commit]);
  }
});

test('the time of completion is UTC where an old hub tells no zone', async (t) => {
  const completed = async (over: Record<string, XmlRpcValue>) => {
    const answer = await contentsIn(t, built(anImage({ completion_ts: null, ...over })));
    return answer.type === 'image' ? answer.contents.completedAt : answer;
  };
  t.is(await completed({ completion_time: '2019-08-26 07:34:31' }), '2019-08-26T07:34:31.000Z');
  const zoned = '2026-03-04 05:06:07.250000+02:00';
  t.is(await completed({ completion_time: zoned }), '2026-03-04T03:06:07.250Z');
  t.is(await completed({ completion_time: null }), null);
});

test('an RPM whose build Koji does not know counts as its own source', async (t) => {
  const answer = await contentsIn(t, rpmsOfBuild99);
  t.deepEqual(answer.type === 'image' ? answer.contents.rpms : answer, [
    { nvr: 'salt-1-1', epoch: null, source: 'salt' },
  ]);
});

test('an answer too long is asked for again in halves, and an image of its own too long is named', async (t) => {
  const answering = answeringBy({
    ...theWorld,
    listArchives: () => [anArchive(61, 'x86_64')],
    listRPMs: ([asked]) => {
      const { imageID } = asked as { readonly imageID: number };
      return Array.from({ length: imageID === 61 ? 20 : 0 }, (_, at) => anRpm(at, 'salt-1-1', 12));
    },
  });
  const hub = await aHub(t, answering);
  const builds = Array<number>(8).fill(31);
  const whole = await right(hub.koji({ maxAnswerBytes: 50_000 }).imageContents(builds));
  t.true(whole.every(({ type }) => type === 'image'));
  const cut = await right(hub.koji({ maxAnswerBytes: 9_000 }).imageContents(builds.slice(0, 2)));
  t.deepEqual(
    cut.map((answer) => (answer.type === 'none' ? answer.code : answer.type)),
    ['unreadable', 'unreadable'],
  );
});

test('a page of somebody in between says nothing about an image', async (t) => {
  const hub = await aHub(t, (_, response) => void response.end('<html>maintenance</html>'));
  t.is((await left(hub.koji().imageContents([31]))).code, 'koji-unavailable');
});

test('a multiCall answered with too little is unreadable, not misattributed', async (t) => {
  const hub = await aHub(t, ({ params }, response) =>
    value(response, Array<XmlRpcValue>((params[0] as ReadonlyArray<unknown>).length - 1).fill([1])),
  );
  const answers = await right(hub.koji().imageContents([31, 32]));
  t.deepEqual(
    answers.map((answer) => (answer.type === 'none' ? answer.code : answer.type)),
    ['unreadable', 'unreadable'],
  );
});
