import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import test from 'ava';
import { aReplay, objectsIn } from '../support/replay-world.ts';

const root = resolve(import.meta.dirname, '..', '..');
const folder = resolve(root, process.env['FRESHMAKER_SAMPLES'] ?? '../shared/samples');
const isThere = existsSync(folder);
const why = isThere ? '' : ` (skipped: no recorded messages in ${folder})`;
const onSamples = isThere ? test : test.skip;

const verdicts: Readonly<Record<string, string>> = {
  'git-receive-1.json': 'understood',
  'git-receive-3.json': 'understood',
  'git-receive-valgrind-master-1.json': 'understood',
  'git-receive-5.json': 'understood',
  'git-receive-6.json': 'no-relevant-file',
  'pagure-git-receive-1.json': 'unreadable-body',
  'pagure-git-receive-3.json': 'fork',
  'pagureio-pagure-git-receive-1.json': 'foreign-prefix',
  'infragit-receive-1.json': 'unknown-topic',
  'trac-git-receive-1.json': 'unknown-topic',
  'mbs-module-state-change-1.json': 'foreign-prefix',
  'mbs-module-state-change-localserver-1.json': 'understood',
  'mbs-module-state-change-localserver-2.json': 'understood',
  'umb-mbs-module-state-change-1.json': 'understood',
  'bodhi-update-complete-stable-1.json': 'understood',
  'bodhi-update-complete-stable-2.json': 'understood',
  'bodhi-update-complete-testing-1.json': 'unknown-topic',
  'buildsys-build-state-change-4.json': 'secondary-instance',
  'buildsys-build-state-change-15.json': 'not-complete',
  'buildsys-build-state-change-18.json': 'understood',
  'umb-brew-build-complete-1.json': 'understood',
  'umb-brew-build-tag-1.json': 'other-tag',
  'umb-brew-task-free-1.json': 'other-task',
  'buildsys-tag-1.json': 'understood',
  'buildsys-tag-3.json': 'other-tag',
  'buildsys-tag-5.json': 'understood',
  'buildsys-rpm-sign-1.json': 'understood',
  'buildsys-rpm-sign-6.json': 'understood',
  'buildsys-task-state-change-1.json': 'foreign-prefix',
  'buildsys-task-state-change-4.json': 'other-task',
  'odcs-compose-state-changed-1.json': 'foreign-prefix',
  'umb-odcs-state-change-1.json': 'understood',
  'umb-brew-task-closed-2.json': 'understood',
  'umb-brew-import-cg-1.json': 'understood',
  'umb-brew-sign-rpm-1.json': 'understood',
  'umb-freshmaker-build-state-changed-1.json': 'own-message',
  'freshmaker-manage-eventcancel-1.json': 'no-flow-yet',
  'freshmaker-manage-eventcancel-2.json': 'unreadable-body',
  'freshmaker-manage-eventcancel-3.json': 'unreadable-body',
  'koji-getBuild-container-1.json': 'no-message',
  'mbs-http-list.txt': 'not-json',
};

for (const [file, verdict] of Object.entries(verdicts)) {
  const isHere = existsSync(resolve(folder, file));
  const reason = isHere ? '' : ` (skipped: not in ${folder})`;
  (isHere ? test : test.skip)(`the recording ${file} is ${verdict}${reason}`, async (t) => {
    const run = await aReplay(t).run([resolve(folder, file)], { json: true });
    t.is(run.code, 0);
    const [object] = objectsIn(run);
    t.is(object?.['code'] ?? object?.['verdict'], verdict);
  });
}

onSamples(`every recording gets a verdict, and a second time is seen before${why}`, async (t) => {
  const replay = aReplay(t);
  const first = objectsIn(await replay.run([folder], { json: true }));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/(^|\/)\./.test(entry.name))
    .map((entry) => resolve(entry.parentPath, entry.name));
  t.deepEqual([...new Set(first.map(({ file }) => file))].sort(), [...files].sort());
  const again = objectsIn(await replay.run([folder], { json: true }));
  t.is(again.length, first.length);
  for (const { verdict } of again) t.true(verdict === 'seen-before' || verdict === 'unreadable');
});
