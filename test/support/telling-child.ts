// One version of the service that keeps the builds told, until it is killed:
// `telling-child.ts <log file> <rows: a file or mongodb://…> <version> <live|held>`.
// It says each position it committed; one that is held goes live only after the line `go`.
import { createInterface } from 'node:readline';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import { buildsProjector } from '../../projectors/builds/project.ts';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { openMongoReadModels } from '../../projectors/mongodb/open.ts';
import type { Projector } from '../../projectors/projector.ts';
import type { Model, ReadModels, Writer } from '../../projectors/read-models.ts';
import { runProjector } from '../../projectors/run-projector.ts';
import { must } from './service.ts';

const [file = '', rows = '', versionText = '1', how = 'live'] = process.argv.slice(2);
const version = Number(versionText);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

let isHeld = how === 'held';
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'go') isHeld = false;
});

const { model: base } = buildsProjector;
const model: Model = {
  ...{ name: base.name, version },
  fields: { ...base.fields, toldBy: 'integer' },
  fieldsOf: (body) => ({ ...base.fieldsOf(body), toldBy: version }),
};
const builds: Projector = buildsProjector;
const project: Projector['project'] = (...given) => {
  const body = builds.project(...given);
  return body === undefined ? undefined : { ...body, toldBy: version };
};

const holding = (writer: Writer): Writer => ({
  ...writer,
  activate: () => {
    if (!isHeld) return TE.map(() => say('live'))(writer.activate());
    say('held');
    return TE.right(undefined);
  },
});

const lease = 1000;
const opened = rows.startsWith('mongodb:')
  ? openMongoReadModels({ url: rows, lease })
  : openEmbeddedReadModels({ file: rows, lease });
const models = must(await opened());
const readModels: ReadModels = {
  ...models,
  writer: (...given) =>
    TE.map((writer?: Writer) => writer && holding(writer))(models.writer(...given)),
};

await runProjector({
  ...{ log: must(await openEmbeddedLog({ file })()), readModels },
  ...{ owner: `process ${process.pid}`, logId: 'log-1' },
  report: ({ code, reason }) => say(`report ${code}: ${reason}`),
  onCommitted: ({ position, ids }) => say(`committed ${position} ${ids.join(',')}`),
})({ ...builds, model, project })(new AbortController().signal);
