import test from 'ava';
import { releaseBranch } from '../../ingest/topics/bodhi-update-complete-stable/release-branch.ts';

test('the branch of a release follows from its name where Bodhi does not tell it', (t) => {
  const branches = {
    F28: 'f28',
    F28M: 'f28',
    F28C: 'f28',
    F38F: 'f38',
    'EPEL-7': 'epel7',
    'EPEL-8M': 'epel8',
    'EPEL-8N': 'epel8-next',
    'EPEL-10.1': 'epel10.1',
    Rawhide: 'rawhide',
    ELN: 'eln',
    'Somewhere-3': null,
  };
  const found = Object.keys(branches).map((name) => [name, releaseBranch(name, null)]);
  t.deepEqual(Object.fromEntries(found), branches);
});

test('the branch that Bodhi tells wins over the name', (t) => {
  t.is(releaseBranch('EPEL-6', 'el6'), 'el6');
  t.is(releaseBranch('F29M', 'f29m'), 'f29');
  t.is(releaseBranch('F29', 'f30'), 'f30');
});
