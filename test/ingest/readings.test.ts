import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { judge } from '../../ingest/judge.ts';
import { aMessage, fixtureText, judged } from '../support/bus-fixtures.ts';

const rev = '1f'.repeat(20);
const before = '2e'.repeat(20);

const spec = {
  kind: 'GitRPMSpecChangeEvent',
  id: `git:rpms/oak@f28@${rev}`,
  searchKey: `oak/f28?#${rev}`,
  repo: 'oak',
  branch: 'f28',
  rev,
  oldRev: null,
  publisher: 'git.receive',
  filesKnown: true,
};
const pushed = {
  ...spec,
  id: `git:rpms/oak@rawhide@${rev}`,
  searchKey: `oak/rawhide?#${rev}`,
  branch: 'rawhide',
  oldRev: before,
  publisher: 'pagure.git.receive',
};
const module = {
  ...spec,
  kind: 'GitModuleMetadataChangeEvent',
  id: `git:modules/forest@1@${rev}`,
  searchKey: `forest/1?#${rev}`,
  repo: 'forest',
  branch: '1',
};
const ready = {
  kind: 'MBSModuleStateChangeEvent',
  id: 'mbs:77',
  searchKey: '77',
  buildId: 77,
  name: 'forest',
  stream: '1',
  version: '2820240301100000',
  context: '9c690d0e',
  state: 5,
  stateName: 'ready',
  stateReason: null,
  commit: rev,
};
const shipped = {
  kind: 'BodhiUpdateCompleteStableEvent',
  id: 'bodhi:FEDORA-2018-aa',
  searchKey: 'FEDORA-2018-aa',
  via: 'bodhi',
  branch: 'f28',
  builds: [{ nvr: 'oak-1-1.fc28', type: 'rpm' }],
};
const signedBuild = {
  kind: 'BrewSignRPMEvent',
  id: 'signed:oak-1-1.fc28',
  searchKey: 'oak-1-1.fc28',
  nvr: 'oak-1-1.fc28',
  branch: 'f28',
  via: 'tag',
};
const complete = {
  kind: 'KojiBuildComplete',
  id: 'koji-build:5',
  searchKey: 'oak-1-1.fc28',
  buildId: 5,
  nvr: 'oak-1-1.fc28',
};
const closed = {
  kind: 'BrewContainerTaskStateChangeEvent',
  id: 'koji-task:9@2',
  searchKey: '9',
  taskId: 9,
  state: 2,
  stateName: 'CLOSED',
  repo: 'tree-image',
  branch: null,
};
const signed = {
  kind: 'RpmSigned',
  id: 'koji-rpm-sign:5/oak-libs.x86_64@f5282ee4',
  searchKey: 'oak-1-1',
  buildId: 5,
  sigkey: 'f5282ee4',
};
const composed = {
  kind: 'ODCSComposeStateChangeEvent',
  id: 'odcs-compose:3@2',
  searchKey: '3',
  composeId: 3,
  state: 2,
  stateName: 'done',
  stateReason: null,
};
const bare = { version: null, context: null, state: 0, stateName: 'init', commit: null };

const readings: Readonly<Record<string, unknown>> = {
  'git.receive/spec': spec,
  'git.receive/null-namespace': spec,
  'git.receive/whole-ref': spec,
  'git.receive/quotes-a-trailer': spec,
  'git.receive/no-stats': { ...spec, filesKnown: false },
  'git.receive/module': module,
  'git.receive/seen-on-another-branch': {
    ...spec,
    id: `git:rpms/oak@f27@${rev}`,
    searchKey: `oak/f27?#${rev}`,
    branch: 'f27',
  },
  'git.receive/oldest-form': {
    ...spec,
    id: `git:rpms/python3.6@f27@${rev}`,
    searchKey: `python3.6/f27?#${rev}`,
    repo: 'python3.6',
    branch: 'f27',
  },
  'pagure.git.receive/spec': pushed,
  'pagure.git.receive/no-file-list': { ...pushed, filesKnown: false },
  'pagure.git.receive/misaligned-file-list': { ...pushed, filesKnown: false },
  'pagure.git.receive/new-branch': { ...pushed, oldRev: null },
  'pagure.git.receive/module': { ...module, oldRev: before, publisher: 'pagure.git.receive' },
  'bodhi.update.complete.stable/new-form': shipped,
  'bodhi.update.complete.stable/old-form': {
    ...shipped,
    id: 'bodhi:FEDORA-2017-bb',
    searchKey: 'FEDORA-2017-bb',
  },
  'bodhi.update.complete.stable/module': {
    ...shipped,
    id: 'bodhi:FEDORA-MODULAR-2019-cc',
    searchKey: 'FEDORA-MODULAR-2019-cc',
    branch: 'f29',
    builds: [{ nvr: 'forest-1_0-20240301.9c690d0e', type: 'module' }],
  },
  'bodhi.update.complete.stable/without-builds': {
    ...shipped,
    id: 'bodhi:FEDORA-EPEL-2019-ee',
    searchKey: 'FEDORA-EPEL-2019-OLD',
    branch: 'epel7',
    builds: [],
  },
  'buildsys.tag/tagged': signedBuild,
  'buildsys.tag/old-form': signedBuild,
  'buildsys.tag/into-rawhide': {
    ...shipped,
    id: 'tag:f43@oak-3-2.fc43',
    searchKey: 'oak-3-2.fc43',
    via: 'tag',
    branch: 'f43',
    builds: [{ nvr: 'oak-3-2.fc43', type: 'rpm' }],
  },
  'buildsys.build.state.change/complete': complete,
  'buildsys.build.state.change/container': complete,
  'buildsys.build.state.change/over-umb': {
    ...complete,
    searchKey: 'oak-1-1.el8',
    nvr: 'oak-1-1.el8',
  },
  'brew.import.cg/container': {
    ...complete,
    searchKey: 'tree-image-1-1',
    nvr: 'tree-image-1-1',
  },
  'buildsys.task.state.change/over-umb': closed,
  'buildsys.task.state.change/container-closed': { ...closed, branch: 'f28' },
  'buildsys.task.state.change/container-failed': {
    ...closed,
    id: 'koji-task:9@5',
    state: 5,
    stateName: 'FAILED',
    branch: 'f28',
  },
  'buildsys.rpm.sign/new-form': signed,
  'buildsys.rpm.sign/old-form': {
    ...signed,
    id: 'koji-rpm-sign:5/oak-libs.i686@f5282ee4',
    searchKey: '5',
  },
  'buildsys.rpm.sign/over-umb': {
    ...signed,
    id: 'koji-rpm-sign:5/oak.noarch@fd431d51',
    searchKey: '5',
    sigkey: 'fd431d51',
  },
  'odcs.compose.state-changed/done': composed,
  'odcs.compose.state-changed/over-umb': {
    ...composed,
    id: 'odcs-compose:3@4',
    state: 4,
    stateName: 'failed',
  },
  'git.receive/dockerfile': {
    ...spec,
    kind: 'GitDockerfileChangeEvent',
    id: `git:container/tree-image@f28@${rev}`,
    searchKey: `tree-image/f28?#${rev}`,
    repo: 'tree-image',
    namespace: 'container',
  },
  'mbs.module.state.change/ready': ready,
  'mbs.module.state.change/over-umb': ready,
  'mbs.module.state.change/failed': {
    ...ready,
    state: 4,
    stateName: 'failed',
    stateReason: 'component oak failed',
  },
  'mbs.module.state.change/bare-minimum': { ...ready, ...bare },
  'mbs.module.state.change/form-of-2017': {
    ...ready,
    version: '20170301100000',
    context: null,
    state: 1,
    stateName: 'wait',
    commit: before,
  },
  'mbs.module.state.change/modulemd-cut-short': { ...ready, commit: null },
};

for (const [name, reading] of Object.entries(readings)) {
  test(`${name} says what it has to say to its flow`, (t) => {
    t.deepEqual(judged(name) as unknown, E.right(reading));
  });
}

test('both publishers of one push give one id', (t) => {
  const mine = JSON.parse(fixtureText('git.receive/spec')) as { msg: { commit: object } };
  mine.msg.commit = { ...mine.msg.commit, branch: 'rawhide' };
  const [one, other] = [judge(aMessage(JSON.stringify(mine))), judged('pagure.git.receive/spec')];
  t.true(E.isRight(one) && E.isRight(other) && one.right.id === other.right.id);
});

test('a state this version does not know has a name all the same', (t) => {
  const text = fixtureText('mbs.module.state.change/bare-minimum').replace(
    '"state": 0',
    '"state": 9',
  );
  const judgement = judge(aMessage(text));
  t.like(judgement, { right: { state: 9, stateName: 'state 9' } });
});

test('a very long reason of MBS is cut, because the message itself is on record', (t) => {
  const body = { id: 1, name: 'n', stream: 's', state: 4, state_reason: 'x'.repeat(400_000) };
  const judgement = judge(aMessage(JSON.stringify({ topic: 'mbs.module.state.change', body })));
  t.true(E.isRight(judgement) && JSON.stringify(judgement.right).length < 5000);
});
