import test from 'ava';
import { eventStates } from '../../projectors/events/row.ts';
import { verify } from '../../audit/verify.ts';
import { killPoints } from '../support/kill-points.ts';
import { aSandbox, ask, distributionOf, post, rowsOf, tempFolder } from '../support/sandbox.ts';
import { aService, configFor, eventsOf, must, runToDeath, until } from '../support/service.ts';

const distribution = distributionOf('base:f28 holds bash@f28', 'leaf:f28 needs base:f28 holds zsh');

type Request = { readonly method: string; readonly path: string; readonly status: number };

// Two machines' worth at once: each kill starts a process, and there are only so many cores.
const places = 3;
let free = places;
const queue: Array<() => void> = [];
const place = async (): Promise<() => void> => {
  if (free > 0) free -= 1;
  else await new Promise<void>((go) => queue.push(go));
  return () => {
    const next = queue.shift();
    if (next === undefined) free += 1;
    else next();
  };
};

for (const point of killPoints) {
  test(`killed ${point.when} ${point.at}, a restart builds each module once`, async (t) => {
    const leave = await place();
    try {
      const sandbox = await aSandbox(t, { distribution });
      const change = { namespace: 'rpms', repo: 'bash', branch: 'f28' };
      await post(sandbox, '/sandbox/commit', change);
      const config = configFor(sandbox, tempFolder(t));
      const death = await runToDeath('dying-backend.ts', [
        JSON.stringify(config),
        JSON.stringify(point),
      ]);
      t.is(death.signal, 'SIGKILL', death.said);

      const service = await aService(t, config);
      await until(service, async () => {
        const [event] = await eventsOf(service);
        return event !== undefined && event.timeDone !== null;
      });

      for (const name of ['base', 'leaf']) {
        const built = (await rowsOf(sandbox, name)).length - 1;
        t.is(built, 1, `${name} was built ${built} times`);
      }
      const requests = (await ask(sandbox, '/sandbox/requests')).body as ReadonlyArray<Request>;
      const posts = requests.filter(({ method }) => method === 'POST');
      t.is(posts.filter(({ status }) => status === 201).length, 2);
      const events = await eventsOf(service);
      t.deepEqual(
        events.map(({ state }) => state),
        [eventStates.COMPLETE],
      );
      t.is(must(await verify(service.stores.log)()).faults.length, 0);
    } finally {
      leave();
    }
  });
}
