import test from 'ava';
import { artifact } from '../../../domain/artifact/artifact.ts';
import type { ArtifactEvent } from '../../../domain/artifact/events.ts';
import type { Command, Event } from './an-artifact.ts';
import { todo } from '../../../domain/artifact/todo.ts';
import { specify } from '../../support/specify.ts';
import { canceled, clock, failed, retried, state, succeeded, taken } from './an-artifact.ts';
import { started, submitted, withdrawn } from './an-artifact.ts';
import {
  building,
  calling,
  closed,
  imageBuilt,
  imagePrepared,
  order,
  planImage,
  prepared,
  prepareImage,
  recordBuilt,
  running,
  seeTask,
  stamp,
  taskSeen,
} from './an-image.ts';

const given = specify(artifact);
const conclude = { type: 'ConcludeSuccess', build: 1, at: clock('10:30') } as const;
const todos = (...history: ReadonlyArray<ArtifactEvent>) =>
  todo(state(...history)).map(({ type }) => type);

test('all that an attempt asks Koji for is fixed once', (t) => {
  given(t, ...running)
    .when(prepareImage())
    .then(imagePrepared());
  given(t, ...prepared)
    .when(prepareImage({ order: { ...order, commit: 'c2' } }))
    .thenNothing();
  given(t, ...running)
    .when(prepareImage({ attempt: 2 }))
    .thenNothing();
});

test('the release is the first part of that of the original, and the time', (t) => {
  for (const [originalNvr, release, rebuiltNvr] of [
    ['httpd-2.4-6.14.f28', `6.${stamp}`, `httpd-2.4-6.${stamp}`],
    [`my-httpd-2-1.${stamp - 9}`, `1.${stamp}`, `my-httpd-2-1.${stamp}`],
    [null, `1.${stamp}`, null],
  ] as const) {
    given(t, ...running)
      .when(prepareImage({ order: { ...order, originalNvr } }))
      .then({ ...imagePrepared(), originalNvr, release, rebuiltNvr });
  }
});

test('no two attempts of an artifact ever have one release, however quick they follow', (t) => {
  given(t, ...calling, retried(2))
    .when(prepareImage({ attempt: 2 }))
    .then(imagePrepared(stamp + 1, 2));
  const next = [planImage(2), taken(2, 2), started(2, ['t2'])];
  given(t, ...calling, failed(), ...next)
    .when(prepareImage({ build: 2, unixSeconds: stamp - 60 }))
    .then(imagePrepared(stamp + 1, 1, 2));
});

test('step by step, the running build of an image has one thing to do', (t) => {
  t.deepEqual(todos(...running), ['prepare-image']);
  t.deepEqual(todos(...prepared), ['intend']);
  t.deepEqual(todos(...calling), ['settle']);
  t.deepEqual(todos(...building), ['follow']);
  t.deepEqual(todos(...building, taskSeen(1)), ['follow']);
  t.deepEqual(todos(...closed), ['conclude']);
  t.deepEqual(todos(...closed, imageBuilt()), ['conclude']);
  t.deepEqual(todos(...closed, imageBuilt(), succeeded()), []);
});

const forward = [0, 4, 1, 2];
for (const [at, seen] of forward.entries()) {
  test(`a task reaches state ${seen} from each of the ${at} states before it, and never goes back`, (t) => {
    for (const before of forward.slice(0, at)) {
      given(t, ...building, taskSeen(before))
        .when(seeTask(seen))
        .then(taskSeen(seen));
      given(t, ...building, taskSeen(seen))
        .when(seeTask(before))
        .thenNothing();
    }
    given(t, ...building)
      .when(seeTask(seen))
      .then(taskSeen(seen));
  });
}

test('a task that has ended stays as it ended', (t) => {
  for (const [known, seen] of [
    [2, 5],
    [2, 3],
    [2, 2],
  ] as const) {
    given(t, ...building, taskSeen(known))
      .when(seeTask(seen, { stateReason: 'No.' }))
      .thenNothing();
  }
});

test('a number that is no state of a task says nothing', (t) => {
  given(t, ...building)
    .when(seeTask(9))
    .thenNothing();
});

for (const [seen, what] of [
  [5, 'failed'],
  [3, 'was cancelled'],
] as const) {
  test(`a task that ${what} ends the build in the words of Koji`, (t) => {
    given(t, ...building)
      .when(seeTask(seen, { stateReason: 'No space.' }))
      .then(taskSeen(seen, 'No space.'), { ...failed(), reason: 'No space.' });
  });

  test(`a build whose task ${what} is tried again where policy allows`, (t) => {
    const again = { ...retried(2), code: 'build-failed', reason: 'No space.' } as const;
    given(t, ...building)
      .when(seeTask(seen, { stateReason: 'No space.', retries: 1 }))
      .then(taskSeen(seen, 'No space.'), again);
  });

  test(`a message that a task ${what}, without a word why, leaves it to asking Koji`, (t) => {
    given(t, ...building)
      .when(seeTask(seen, { via: 'message' }))
      .thenNothing();
  });
}

test('a task that Koji, when asked, says failed without a word why has failed', (t) => {
  given(t, ...building)
    .when(seeTask(5))
    .then(taskSeen(5), { ...failed(), reason: 'The build system gives no reason.' });
});

test('a message that a task is closed counts', (t) => {
  given(t, ...building)
    .when(seeTask(2, { via: 'message' }))
    .then(taskSeen(2, null, { via: 'message' }));
});

test('a build succeeds when its task is closed and the image it made is known', (t) => {
  given(t, ...closed)
    .when(conclude)
    .thenNothing();
  given(t, ...closed)
    .when(recordBuilt())
    .then(imageBuilt());
  given(t, ...closed, imageBuilt())
    .when(conclude)
    .then(succeeded());
});

test('what a task made is recorded once, and only of a closed task of the attempt that runs', (t) => {
  for (const history of [
    [...closed, imageBuilt()],
    building,
    [...closed, imageBuilt(), succeeded()],
    [],
  ]) {
    given(t, ...history)
      .when(recordBuilt())
      .thenNothing();
  }
  given(t, ...closed)
    .when(recordBuilt({ attempt: 2 }))
    .thenNothing();
});

const noImage: Command<'RecordNoImage'> = {
  ...{ type: 'RecordNoImage', build: 1, attempt: 1, code: 'no-image', reason: 'Nothing there.' },
  ...{ retries: 0, retryAt: clock('10:10'), at: clock('10:30') },
};

test('a closed task without an image has failed, and is tried again where policy allows', (t) => {
  const why = { code: 'no-image', reason: 'Nothing there.' };
  given(t, ...closed)
    .when(noImage)
    .then({ ...failed(), ...why });
  given(t, ...closed)
    .when({ ...noImage, retries: 1 })
    .then({ ...retried(2), ...why });
  given(t, ...closed, retried(2), imagePrepared(stamp + 1, 2), { ...submitted([702]), attempt: 2 })
    .when({ ...noImage, retries: 1 })
    .thenNothing();
});

test('no image is missed of a task that still runs, or whose image is known', (t) => {
  for (const history of [building, [...closed, imageBuilt()], []]) {
    given(t, ...history)
      .when(noImage)
      .thenNothing();
  }
});

test('the result of a build is the NVR that was built, or was to be', (t) => {
  const result = (...history: ReadonlyArray<ArtifactEvent>) =>
    state(...history).finished.map(({ nvr }) => nvr);
  t.deepEqual(result(...closed, imageBuilt('httpd-2.5-1'), succeeded()), ['httpd-2.5-1']);
  t.deepEqual(result(...calling, failed()), [`httpd-2.4-6.${stamp}`]);
  t.deepEqual(result(...running, failed()), [null]);
});

const anew: Command<'PrepareAnew'> = {
  ...{ type: 'PrepareAnew', build: 1, attempt: 1, code: 'compose-expired', reason: 'Gone.' },
  at: clock('10:06'),
};

test('what was prepared may be prepared anew as long as nothing was called, at no cost', (t) => {
  const again: Event<'BuildRetryScheduled'> = {
    ...{ type: 'BuildRetryScheduled', build: 1, attempt: 2, notBefore: clock('10:06') },
    ...{ code: 'compose-expired', reason: 'Gone.' },
  };
  given(t, ...prepared)
    .when(anew)
    .then(again);
  for (const history of [running, calling, [...prepared, again]]) {
    given(t, ...history)
      .when(anew)
      .thenNothing();
  }
  const { running: after } = state(...prepared, again);
  t.deepEqual([after?.failedBuilds, after?.failedSubmissions], [0, 0]);
});

const two = [planImage(), taken(1), taken(2), started(1, ['t1', 't2'])] as const;
const giveUp: Command<'Abandon'> = {
  ...{ type: 'Abandon', build: 1, attempt: 1, code: 'compose-failed', reason: 'So it is.' },
  at: clock('10:30'),
};

test('a claim whose compose cannot be had is withdrawn, and the others are built', (t) => {
  given(t, ...two)
    .when({ ...giveUp, triggers: ['t1'] })
    .then(withdrawn(1, 'compose-failed'));
  given(t, ...two, withdrawn(1, 'compose-failed'))
    .when({ ...giveUp, triggers: ['t1'] })
    .thenNothing();
});

test('with the last claim the build is cancelled', (t) => {
  const ended = { ...canceled(), code: 'compose-failed', reason: 'So it is.', at: clock('10:30') };
  given(t, ...two, withdrawn(1, 'compose-failed'))
    .when({ ...giveUp, triggers: ['t2'] })
    .then(withdrawn(2, 'compose-failed'), ended);
  given(t, ...two)
    .when(giveUp)
    .then(withdrawn(1, 'compose-failed'), withdrawn(2, 'compose-failed'), ended);
});

const late = { type: 'NoteLateImage', nvr: `httpd-2.4-6.${stamp}`, at: clock('11:00') } as const;
const revived: Event<'BuildRevived'> = {
  ...{ type: 'BuildRevived', build: 1, nvr: `httpd-2.4-6.${stamp}`, at: clock('11:00') },
};

test('an image that is there after its build was given up makes it a success, once', (t) => {
  given(t, ...calling, failed())
    .when(late)
    .then(revived);
  given(t, ...calling, failed(), revived)
    .when(late)
    .thenNothing();
  const { finished, causes } = state(...calling, failed(), revived);
  t.like(finished[0], { outcome: 'succeeded', nvr: late.nvr });
  t.is(causes['t1']?.status, 'fulfilled');
});

test('an image of an earlier attempt makes its build a success too, as that image', (t) => {
  const second = [...calling, retried(2), imagePrepared(stamp + 1, 2), failed()] as const;
  given(t, ...second)
    .when(late)
    .then(revived);
  t.is(state(...second, revived).finished[0]?.nvr, late.nvr);
});

test('an image of somebody else, or of a build that runs or succeeded, changes nothing', (t) => {
  for (const history of [[], calling, [...closed, imageBuilt(), succeeded()]]) {
    given(t, ...history)
      .when(late)
      .thenNothing();
  }
  given(t, ...calling, failed())
    .when({ ...late, nvr: 'httpd-2.4-7' })
    .thenNothing();
});
