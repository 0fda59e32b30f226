import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildsProjector } from '../../projectors/builds/project.ts';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { eventsProjector } from '../../projectors/events/project.ts';
import { aHistory } from './history.ts';
import { answersPerSecond } from './load.ts';
import { measured, type Figure } from './measure.ts';
import { project } from './projection.ts';
import { appendAll, inFolder, must, openLog } from './world.ts';

type Ports = Readonly<Record<'ours' | 'again' | 'anew' | 'memory', number>>;

/** What is asked for; a number is put at the end, which the API ignores. */
const routes = {
  'get one build': '/api/2/builds/777?_=',
  'get one event, short': '/api/2/events/777?_=',
  'list 20 builds': '/api/2/builds/?per_page=20&_=',
  'list 20 events, short': '/api/2/events/?per_page=20&_=',
  'list 20 events, full': '/api/2/events/?per_page=20&show_full_json=True&_=',
} as const;

const slice = 200;

const storeIn = async (folder: string): Promise<string> => {
  const log = await openLog(join(folder, 'log.db'));
  await appendAll(log, aHistory(1000));
  const file = join(folder, 'views.db');
  const readModels = await must(openEmbeddedReadModels({ file }));
  for (const projector of [eventsProjector, buildsProjector]) {
    await project(log, readModels, projector);
  }
  await readModels.close();
  await log.close();
  return file;
};

/** The servers run in a process of their own, so that the asking costs them nothing. */
const serversOver = async (file: string): Promise<{ ports: Ports; stop: () => void }> => {
  const own = fileURLToPath(import.meta.url);
  const program = own.replace(/api(\.[jt]s)$/, 'api-server$1');
  const child = fork(program, [file, ...Object.values(routes)]);
  const ports = await new Promise<Ports>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Ports));
    child.once('exit', (code) => reject(new Error(`the servers ended with ${code ?? 'a signal'}`)));
  });
  return { ports, stop: () => child.disconnect() };
};

/**
 * The API over 1000 events and 2000 builds, asked the same again (`again`) and asked each time what
 * nobody has asked before (`anew`): against a bare server that makes the same reads of the same
 * store and then answers the same bytes, made beforehand; and against one that reads nothing.
 */
export const benchApi = (): Promise<ReadonlyArray<Figure>> =>
  inFolder(async (folder) => {
    const { ports, stop } = await serversOver(await storeIn(folder));
    const figures: Array<Figure> = [];
    let asked = 0;
    const same = (): number => 0;
    const other = (): number => (asked += 1);
    for (const [name, path] of Object.entries(routes)) {
      const against = (port: number, note: string, number: () => number): Promise<Figure> => {
        const askedOf = (which: number): Promise<number> =>
          answersPerSecond(which, () => `${path}${number()}`, slice);
        return measured({
          ...{ name: `${name}, ${note}`, unit: 'answers/s', target: 0.9, rounds: 5 },
          ours: () => askedOf(ports.ours),
          ceiling: () => askedOf(port),
        });
      };
      figures.push(await against(ports.again, 'again, same reads', same));
      figures.push(await against(ports.anew, 'anew, same reads', other));
      figures.push(await against(ports.memory, 'again, from memory', same));
    }
    stop();
    return figures;
  });
