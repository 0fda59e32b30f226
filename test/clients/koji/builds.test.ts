import test from 'ava';
import { aHub, left, methods, right } from './a-hub.ts';
import { anImage, anRpm, answeringBy, type Methods } from './a-world.ts';

test('a build is told by id or NVR', async (t) => {
  const hub = await aHub(t, answeringBy({ getBuild: () => anImage() }));
  const expected = { id: 31, nvr: 'oven-container-1.2-3.f40', name: 'oven-container' };
  const version = { version: '1.2', release: '3.f40', epoch: null, state: 1 };
  t.deepEqual(await right(hub.koji().build(31)), { ...expected, ...version });
  await right(hub.koji().build('oven-container-1.2-3.f40'));
  t.deepEqual(
    hub.asked.map(({ params }) => params),
    [[31], ['oven-container-1.2-3.f40']],
  );
});

test('a build Koji does not know is missing', async (t) => {
  const hub = await aHub(t, answeringBy({ getBuild: () => null }));
  const failure = await left(hub.koji().build('nothing-1-1'));
  t.is(failure.code, 'koji-missing');
  t.regex(failure.reason, /nothing-1-1/);
});

test('a build of another shape is unreadable, and says what was expected where', async (t) => {
  const hub = await aHub(t, answeringBy({ getBuild: () => anImage({ state: 'COMPLETE' }) }));
  const failure = await left(hub.koji().build(31));
  t.is(failure.code, 'koji-unreadable');
  t.regex(failure.reason, /getBuild.*state: "COMPLETE" is not whole number/);
});

test('every RPM of a build is told, sources and debuginfo included', async (t) => {
  const rpms = [anRpm(1, 'flour-1-1', 11), { ...anRpm(2, 'flour-1-1', 11, 1), arch: 'src' }];
  const hub = await aHub(t, answeringBy({ listRPMs: () => rpms }));
  const told = await right(hub.koji().rpmsOf(11));
  const flour = { name: 'flour', version: '1', release: '1' };
  t.deepEqual(told, [
    { id: 1, ...flour, epoch: null, arch: 'x86_64' },
    { id: 2, ...flour, epoch: 1, arch: 'src' },
  ]);
  t.deepEqual(hub.asked[0]?.params, [{ buildID: 11, __starstar: true }]);
});

const signed = (keys: ReadonlyArray<ReadonlyArray<string>>): Methods => ({
  listRPMs: () => keys.map((_, at) => anRpm(at, 'flour-1-1', 11)),
  queryRPMSigs: ([asked]) => {
    const { rpm_id: id } = asked as { readonly rpm_id: number };
    return (keys[id] ?? []).map((sigkey) => ({ rpm_id: id, sigkey, sighash: 'ff' }));
  },
});

test('the keys of a build are those that every RPM carries; the empty key is no signature', async (t) => {
  const told = async (keys: ReadonlyArray<ReadonlyArray<string>>) => {
    const hub = await aHub(t, answeringBy(signed(keys)));
    return right(hub.koji().signaturesOf(11));
  };
  t.deepEqual(
    await told([
      ['F5282EE4', ''],
      ['', 'aaaaaaaa', 'f5282ee4'],
    ]),
    {
      ...{ rpms: 2, unsigned: 0, keys: ['f5282ee4'] },
    },
  );
  t.deepEqual(await told([['f5282ee4'], ['']]), { rpms: 2, unsigned: 1, keys: [] });
  t.deepEqual(await told([['f5282ee4'], ['f5282ee4'], ['aaaaaaaa']]), {
    ...{ rpms: 3, unsigned: 0, keys: [] },
  });
  t.deepEqual(await told([['f5282ee4'], []]), { rpms: 2, unsigned: 1, keys: [] });
  t.deepEqual(await told([]), { rpms: 0, unsigned: 0, keys: [] });
});

test('signatures of a large build are asked for a hundred RPMs at a time', async (t) => {
  const hub = await aHub(t, answeringBy(signed(Array<Array<string>>(250).fill(['f5282ee4']))));
  t.deepEqual(await right(hub.koji().signaturesOf(11)), {
    ...{ rpms: 250, unsigned: 0, keys: ['f5282ee4'] },
  });
  t.deepEqual(methods(hub), ['listRPMs', 'multiCall', 'multiCall', 'multiCall']);
});

test('image builds come a page at a time in the order of their ids, with the number of all', async (t) => {
  const hub = await aHub(
    t,
    answeringBy({
      listBuilds: ([asked]) => {
        const { queryOpts } = asked as { readonly queryOpts: { readonly countOnly?: boolean } };
        return queryOpts.countOnly === true ? 712 : [{ build_id: 31, nvr: 'oven-1-1', extra: 1 }];
      },
    }),
  );
  t.deepEqual(await right(hub.koji().imageBuilds(200, 100)), {
    builds: [{ id: 31, nvr: 'oven-1-1' }],
    total: 712,
  });
  const [calls] = hub.asked[0]!.params as unknown as ReadonlyArray<
    ReadonlyArray<{ readonly params: unknown }>
  >;
  const only = { type: 'image', state: 1, __starstar: true };
  t.deepEqual(
    calls?.map(({ params }) => params),
    [
      [{ ...only, queryOpts: { order: 'build_id', offset: 200, limit: 100 } }],
      [{ ...only, queryOpts: { countOnly: true } }],
    ],
  );
});

test('tags of a build Koji does not know are missing', async (t) => {
  const unknown = { faultCode: 1000, faultString: 'No such build: nothing-1-1' };
  const hub = await aHub(t, answeringBy({ listTags: () => unknown }));
  t.is((await left(hub.koji().tagsOf('nothing-1-1'))).code, 'koji-missing');
});
