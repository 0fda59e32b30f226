import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { judge } from '../../ingest/judge.ts';
import { topics } from '../../ingest/topics/table.ts';
import { covers } from '../../ingest/topics/topic.ts';
import { aMessage, fixture, fixtureNames, judged, verdictOf } from '../support/bus-fixtures.ts';

const verdicts: Readonly<Record<string, string>> = {
  'bodhi.update.complete.stable/container': 'other-artifact',
  'bodhi.update.complete.stable/module': 'understood',
  'bodhi.update.complete.stable/new-form': 'understood',
  'bodhi.update.complete.stable/old-form': 'understood',
  'bodhi.update.complete.stable/unreadable': 'unreadable-body',
  'bodhi.update.complete.stable/without-builds': 'understood',
  'brew.import.cg/container': 'understood',
  'brew.import.cg/unreadable': 'unreadable-body',
  'buildsys.build.state.change/complete': 'understood',
  'buildsys.build.state.change/container': 'understood',
  'buildsys.build.state.change/failed': 'not-complete',
  'buildsys.build.state.change/over-umb': 'understood',
  'buildsys.build.state.change/shadow-instance': 'secondary-instance',
  'buildsys.build.state.change/unreadable': 'unreadable-body',
  'buildsys.build.state.change/unreadable-over-umb': 'unreadable-body',
  'buildsys.build.state.change/volume': 'other-attribute',
  'buildsys.rpm.sign/new-form': 'understood',
  'buildsys.rpm.sign/old-form': 'understood',
  'buildsys.rpm.sign/over-umb': 'understood',
  'buildsys.rpm.sign/unreadable': 'unreadable-body',
  'buildsys.tag/container-signed': 'other-tag',
  'buildsys.tag/into-rawhide': 'understood',
  'buildsys.tag/into-updates': 'other-tag',
  'buildsys.tag/old-form': 'understood',
  'buildsys.tag/over-umb': 'other-tag',
  'buildsys.tag/shadow-instance': 'secondary-instance',
  'buildsys.tag/tagged': 'understood',
  'buildsys.tag/unreadable': 'unreadable-body',
  'buildsys.tag/unreadable-over-umb': 'unreadable-body',
  'buildsys.tag/untagged': 'other-tag',
  'buildsys.task.state.change/closed': 'other-task',
  'buildsys.task.state.change/container-closed': 'understood',
  'buildsys.task.state.change/container-failed': 'understood',
  'buildsys.task.state.change/over-umb': 'understood',
  'buildsys.task.state.change/shadow-instance': 'secondary-instance',
  'buildsys.task.state.change/unreadable': 'unreadable-body',
  'buildsys.task.state.change/unreadable-over-umb': 'unreadable-body',
  'freshmaker/cancel': 'no-flow-yet',
  'freshmaker/manual-rebuild': 'no-flow-yet',
  'freshmaker/own-announcement': 'own-message',
  'freshmaker/unreadable-cancel': 'unreadable-body',
  'freshmaker/unreadable-manual-rebuild': 'unreadable-body',
  'git.receive/deleted-branch': 'branch-deleted',
  'git.receive/dockerfile': 'understood',
  'git.receive/dockerfile-deeper-down': 'no-relevant-file',
  'git.receive/fork': 'fork',
  'git.receive/module': 'understood',
  'git.receive/nameless-repository': 'unreadable-body',
  'git.receive/no-stats': 'understood',
  'git.receive/null-namespace': 'understood',
  'git.receive/oldest-form': 'understood',
  'git.receive/own-bump': 'own-commit',
  'git.receive/quotes-a-trailer': 'understood',
  'git.receive/seen-on-another-branch': 'understood',
  'git.receive/spec': 'understood',
  'git.receive/spec-of-another-name': 'no-relevant-file',
  'git.receive/tag': 'not-a-branch',
  'git.receive/tests-namespace': 'other-namespace',
  'git.receive/unreadable': 'unreadable-body',
  'git.receive/whole-ref': 'understood',
  'git.receive/yaml-deeper-down': 'no-relevant-file',
  'mbs.module.state.change/bare-minimum': 'understood',
  'mbs.module.state.change/failed': 'understood',
  'mbs.module.state.change/form-of-2017': 'understood',
  'mbs.module.state.change/modulemd-cut-short': 'understood',
  'mbs.module.state.change/over-umb': 'understood',
  'mbs.module.state.change/ready': 'understood',
  'mbs.module.state.change/scratch': 'scratch-build',
  'mbs.module.state.change/staging': 'foreign-prefix',
  'mbs.module.state.change/unreadable': 'unreadable-body',
  'odcs.compose.state-changed/done': 'understood',
  'odcs.compose.state-changed/over-umb': 'understood',
  'odcs.compose.state-changed/unreadable': 'unreadable-body',
  'pagure.git.receive/container': 'understood',
  'pagure.git.receive/deleted-branch': 'branch-deleted',
  'pagure.git.receive/empty-commit': 'no-relevant-file',
  'pagure.git.receive/flatpak': 'other-namespace',
  'pagure.git.receive/fork': 'fork',
  'pagure.git.receive/fork-under-a-plain-name': 'fork',
  'pagure.git.receive/fork-without-parent': 'fork',
  'pagure.git.receive/misaligned-file-list': 'understood',
  'pagure.git.receive/module': 'understood',
  'pagure.git.receive/new-branch': 'understood',
  'pagure.git.receive/no-file-list': 'understood',
  'pagure.git.receive/no-namespace': 'other-namespace',
  'pagure.git.receive/no-relevant-file': 'no-relevant-file',
  'pagure.git.receive/other-forge': 'foreign-prefix',
  'pagure.git.receive/spec': 'understood',
  'pagure.git.receive/unreadable': 'unreadable-body',
};

test('every recorded message gets the verdict that is written down for it', (t) => {
  const found = fixtureNames().map((name) => [name, verdictOf(judged(name))]);
  t.deepEqual(Object.fromEntries(found), verdicts);
});

test('every topic has a message that does not fit it, and the reason names the place', (t) => {
  const unreadable = fixtureNames()
    .map((name) => ({ message: fixture(name), judgement: judged(name) }))
    .filter(({ judgement }) => verdictOf(judgement) === 'unreadable-body');
  for (const topic of topics) {
    const isWithout = topic.patterns.includes('freshmaker.event.state.changed'); // never read
    const some = unreadable.some(({ message }) => covers(topic, message.topic));
    t.is(some, !isWithout, topic.patterns.join());
  }
  const [reason] = unreadable.map(({ judgement }) =>
    E.isLeft(judgement) ? judgement.left.explanation : '',
  );
  t.regex(reason ?? '', /update\.\S+: .+ is not /);
});

test('a topic that merely begins or ends like one of ours is unknown', (t) => {
  const tails = [
    'infragit.receive',
    'trac.git.receive',
    'x.pagure.git.receive',
    'git.receiver',
    'buildsys.tag.x',
  ];
  for (const topic of tails) {
    const text = JSON.stringify({ topic: `org.fedoraproject.prod.${topic}`, msg: {} });
    t.is(verdictOf(judge(aMessage(text))), 'unknown-topic', topic);
  }
});

test('no two topics claim the same message', (t) => {
  for (const name of fixtureNames()) {
    const { topic } = fixture(name);
    t.true(topics.filter((one) => covers(one, topic)).length <= 1, topic);
  }
});

test('which prefixes are read is configuration', (t) => {
  const { prefix, ...rest } = fixture('mbs.module.state.change/staging');
  t.is(prefix, 'org.fedoraproject.stg');
  t.is(verdictOf(judge({ ...rest, prefix }, [prefix])), 'understood');
  const refused = judge({ ...rest, prefix: '' }, [prefix]);
  t.is(verdictOf(refused), 'foreign-prefix');
});

test('a body that is no UTF-8 is set aside, whatever it seems to say', (t) => {
  const garbled = { ...fixture('git.receive/spec'), bodyEncoding: 'base64' } as const;
  t.is(verdictOf(judge(garbled)), 'unreadable-body');
});
