import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import { sourceOf } from '../../support/sandbox-koji.ts';
import { aSandbox, distributionOf } from '../../support/sandbox.ts';

const python = process.env['FRESHMAKER_TEST_KOJI_PYTHON'];

const distribution = distributionOf('image base:f28 holds bash past same');

const SCRIPT = `
import json, sys, koji
hub, source = sys.argv[1:]
session = koji.ClientSession(hub)
said = {'version': session.getKojiVersion(), 'nobody': session.getLoggedInUser()}
builds = session.listBuilds(type='image', queryOpts={'order': 'build_id'})
said['builds'] = [build['nvr'] for build in builds]
with koji.MultiCallSession(session) as many:
    archives = [many.listArchives(build['build_id'], type='image') for build in builds]
with koji.MultiCallSession(session) as many:
    rpms = [many.listRPMs(imageID=found.result[0]['id']) for found in archives]
said['rpms'] = [[rpm['nvr'] for rpm in found.result] for found in rpms]
said['tagged'] = [build['nvr'] for build in session.listTagged('f28-updates', inherit=True)]
try:
    session.getBuild('nope', strict=True)
except koji.GenericError as error:
    said['strict'] = str(error)
try:
    session.buildContainer(source, 'f28-container-candidate', {'git_branch': 'f28'})
except koji.GenericError as error:
    said['unauthenticated'] = str(error)
session.setSession(session.sslLogin())
said['user'] = session.getLoggedInUser()['name']
opts = {'scratch': False, 'git_branch': 'f28', 'release': '1.77'}
task = session.buildContainer(source, 'f28-container-candidate', opts, channel='container')
while not session.taskFinished(task):
    pass
(built,) = session.getTaskResult(task)['koji_builds']
said['built'] = session.getBuild(int(built))['nvr']
said['owner'] = session.getTaskInfo(task, request=True)['request'][2]['release']
print(json.dumps(said))
`;

const title = "Koji's own client reads the hub, logs in and has an image built";

if (python === undefined) {
  test.skip(`${title}: FRESHMAKER_TEST_KOJI_PYTHON names no python that can import koji`, (t) =>
    t.pass());
} else {
  test(title, async (t) => {
    const sandbox = await aSandbox(t, { distribution });
    const source = await sourceOf(sandbox, 'base', 'f28');
    const run = promisify(execFile);
    const { stdout } = await run(python, ['-c', SCRIPT, sandbox.kojiUrl, source]);
    t.deepEqual(JSON.parse(stdout), {
      ...{ version: '1.35.3', nobody: null, user: 'freshmaker', owner: '1.77' },
      builds: ['base-28-1.f28container', 'base-28-2.f28container'],
      rpms: [['bash-1.0-1.fc28'], ['bash-1.0-2.fc28']],
      tagged: ['bash-1.0-2.fc28', 'bash-1.0-1.fc28'],
      strict: "No such build: 'nope'",
      unauthenticated: 'task must have an owner',
      built: 'base-28-1.77',
    });
  });
}
