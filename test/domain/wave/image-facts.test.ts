import test from 'ava';
import fc from 'fast-check';
import { imagesAffected } from '../../../domain/wave/image-facts.ts';
import type { Held, UpdatedRpm } from '../../../domain/wave/lookups.ts';
import { held, image, libs, lookups } from './an-update.ts';

const [older, same, newer] = ['1.1.0-3.fc28', '1.1.0-4.fc28', '1.1.0-5.fc28'];
const modular = '1.1.0-3.module_f28+12+ab';

type Asked = {
  readonly key?: string;
  readonly branch?: string | null;
  readonly rpms?: ReadonlyArray<UpdatedRpm>;
};
const codeOf = (
  all: ReadonlyArray<Held>,
  { key = 'httpd:f28', branch = 'f28', rpms = [libs()] }: Asked = {},
) => imagesAffected(lookups({ branch, rpms, images: [image(key, ...all)] }))[0]?.code;

test('an image that holds an older version is affected, and the evidence names all three', (t) => {
  const found = imagesAffected(lookups({ images: [image('httpd:f28', held(older))] }));
  t.deepEqual(found, [
    {
      ...{ artifact: 'image:httpd:f28', kind: 'image', name: 'httpd', branch: 'f28' },
      code: 'holds-older-version',
      evidence: {
        ...{ image: 'last-1-2', held: `openssl-libs-${older}` },
        ...{ update: `openssl-libs-${same}`, build: 'openssl-1.1.0-4.fc28' },
      },
    },
  ]);
});

test('an image that dropped the package is considered, and declined with what it held and where', (t) => {
  const gone = held(older, { now: false });
  const [found] = imagesAffected(lookups({ images: [image('httpd:f28', gone)] }));
  t.is(found?.code, 'no-longer-holds');
  t.true(found?.declined);
  t.like(found?.evidence, {
    image: 'last-1-2',
    held: `openssl-libs-${older}`,
    newest: 'httpd-1-3',
  });
});

test('an image that holds this version or a newer one is up to date', (t) => {
  t.is(codeOf([held(same, { lowest: older })]), 'already-holds-this-or-newer');
  t.is(codeOf([held(newer)]), 'already-holds-this-or-newer');
});

test('an image that held only newer versions, and holds none now, never held an older one', (t) => {
  t.is(codeOf([held(newer, { lowest: same, now: false })]), 'never-held-older');
});

test('an epoch counts before the version does', (t) => {
  t.is(codeOf([held('1:1.0.0-1.fc28')]), 'already-holds-this-or-newer');
  t.is(codeOf([held(newer)], { rpms: [libs('1:1.0.0-1.fc28')] }), 'holds-older-version');
});

test('an RPM of a module is no older version of one outside modules, nor the other way round', (t) => {
  t.is(codeOf([held(modular)]), 'other-modularity');
  t.is(codeOf([held(older)], { rpms: [libs('1.1.0-4.module_f28+13+cd')] }), 'other-modularity');
  t.is(
    codeOf([held(modular)], { rpms: [libs('1.1.0-4.module_f28+13+cd')] }),
    'holds-older-version',
  );
});

test('an image of another release is left alone; one whose branch names none is not', (t) => {
  t.is(codeOf([held(older)], { key: 'httpd:f27' }), 'other-release');
  t.is(codeOf([held(older)], { key: 'httpd:epel7' }), 'other-release');
  t.is(codeOf([held(older)], { key: 'httpd:master' }), 'holds-older-version');
  t.is(codeOf([held(older)], { key: 'httpd:f27', branch: 'rawhide' }), 'holds-older-version');
});

test('what ships for ELN or for a minor EPEL release is for images of that release alone', (t) => {
  for (const key of ['httpd:f28', 'httpd:epel9', 'httpd:master', 'httpd:rawhide']) {
    t.is(codeOf([held(older)], { key, branch: 'eln' }), 'other-release');
  }
  t.is(codeOf([held(older)], { key: 'httpd:eln', branch: 'eln' }), 'holds-older-version');
  t.is(codeOf([held(older)], { key: 'httpd:eln', branch: 'f28' }), 'other-release');
  t.is(codeOf([held(older)], { key: 'httpd:f28', branch: 'epel9-next' }), 'other-release');
  t.is(codeOf([held(older)], { key: 'httpd:epel10.0', branch: 'epel10.1' }), 'other-release');
  t.is(codeOf([held(older)], { key: 'httpd:epel10', branch: 'epel10.1' }), 'holds-older-version');
  t.is(codeOf([held(older)], { key: 'httpd:epel10.1', branch: 'epel10' }), 'holds-older-version');
  const rpms = [libs('1.1.0-4.eln140')];
  t.is(codeOf([held(older)], { branch: null, rpms }), 'other-release');
});

test('what ships for one Fedora is not for an image of Rawhide that holds the RPM of a later one', (t) => {
  const rpms = [libs('1.1.0-5.fc27')];
  const ofRawhide = { key: 'httpd:master', branch: 'f27', rpms };
  t.is(codeOf([held('1.1.0-4.fc29')], ofRawhide), 'other-release');
  t.is(codeOf([held('1.1.0-4.fc29')], { ...ofRawhide, branch: null }), 'other-release');
  t.is(codeOf([held('1.1.0-4.fc26')], ofRawhide), 'holds-older-version');
  t.is(codeOf([held('1.1.0-4')], ofRawhide), 'holds-older-version');
});

test('where nobody names the release, the dist tag of the RPMs does', (t) => {
  t.is(codeOf([held(older)], { key: 'httpd:f27', branch: null }), 'other-release');
  t.is(codeOf([held(older)], { key: 'httpd:f28', branch: null }), 'holds-older-version');
});

test('an image whose branch Koji does not tell cannot be rebuilt', (t) => {
  const [found] = imagesAffected(lookups({ images: [image('httpd:', held(older))] }));
  t.deepEqual([found?.code, found?.declined], ['unknown-branch', true]);
});

test('one older RPM is enough, however new the others are', (t) => {
  const devel: UpdatedRpm = { ...libs(), name: 'openssl-devel' };
  const other: Held = { ...held(same), asked: 'openssl-devel', rpm: 'openssl-devel' };
  for (const all of [
    [held(older), other],
    [other, held(older)],
  ]) {
    t.is(codeOf(all, { rpms: [libs(), devel] }), 'holds-older-version');
  }
});

test('of several versions in one update the newest counts', (t) => {
  for (const rpms of [
    [libs(older), libs()],
    [libs(), libs(older)],
  ]) {
    t.is(codeOf([held(older)], { rpms }), 'holds-older-version');
  }
});

test('in a rehearsal the source package is compared, and an epoch is not asked for', (t) => {
  const rpms: ReadonlyArray<UpdatedRpm> = [{ ...libs(), by: 'source', name: 'openssl' }];
  const asked = (last: string): Held => ({ ...held(last), asked: 'openssl' });
  t.is(codeOf([asked(`1:${older}`)], { rpms }), 'holds-older-version');
  t.is(codeOf([asked(`1:${same}`)], { rpms }), 'already-holds-this-or-newer');
});

test('what one image holds counts together, in however many entries it was recorded', (t) => {
  const devel: UpdatedRpm = { ...libs(), name: 'openssl-devel' };
  const other: Held = { ...held(same), asked: 'openssl-devel', rpm: 'openssl-devel' };
  const images = [image('httpd:f28', other), image('httpd:f28', held(older))];
  const found = imagesAffected(lookups({ rpms: [libs(), devel], images }));
  t.deepEqual(
    found.map(({ artifact, code }) => [artifact, code]),
    [['image:httpd:f28', 'holds-older-version']],
  );
});

const anEvr = fc.constantFrom(older, same, newer, modular, '1:0-1.fc28');
const aHeld = fc
  .tuple(anEvr, anEvr, fc.boolean())
  .map(([last, lowest, now]) => held(last, { lowest, now }));

test('every image that held something gets one answer, the same each time', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(fc.array(aHeld, { minLength: 1, maxLength: 3 })), (all) => {
        const images = all.map((each, index) => image(`i${index}:f28`, ...each));
        const asked = lookups({ images });
        const found = imagesAffected(asked);
        return (
          found.length === images.length &&
          JSON.stringify(found) === JSON.stringify(imagesAffected(structuredClone(asked)))
        );
      }),
    ),
  );
});
