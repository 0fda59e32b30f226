import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { XmlRpcStruct } from '../../../clients/koji/xml-rpc/value.ts';
import { aHub, right } from './a-hub.ts';
import { answeringBy, theWorld } from './a-world.ts';

const folder = process.env['FRESHMAKER_SAMPLES'] ?? '../shared/samples';
const files = existsSync(folder)
  ? readdirSync(folder).filter((name) => /^koji-getBuild-container-.*\.json$/.test(name))
  : [];
const reason =
  files.length > 0
    ? ''
    : ` (skipped: ${folder} holds no koji-getBuild-container-*.json; FRESHMAKER_SAMPLES names the folder of samples)`;
const recorded = files.length > 0 ? test : test.skip;

type Told = XmlRpcStruct & {
  readonly id: number;
  readonly nvr: string;
  readonly source: string;
  readonly completion_ts: number;
  readonly extra: {
    readonly container_koji_task_id: number;
    readonly image: {
      readonly parent_build_id: number;
      readonly parent_images: ReadonlyArray<string>;
      readonly parent_image_builds: Readonly<
        Record<string, { readonly id: number; readonly nvr: string }>
      >;
    };
  };
};

recorded(
  `every recorded image names its repository, commit, task and last parent${reason}`,
  async (t) => {
    for (const name of files) {
      const build = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Told;
      const { image } = build.extra;
      const last = image.parent_image_builds[image.parent_images.at(-1) ?? ''];
      const hub = await aHub(t, answeringBy({ ...theWorld, getBuild: () => build }));
      const [answer] = await right(hub.koji().imageContents([build.id]));
      if (answer?.type !== 'image') return t.fail(`${name}: ${JSON.stringify(answer)}`);
      const { contents } = answer;
      const { buildId, nvr, name: repository, namespace, commit, parent, taskId } = contents;
      t.deepEqual(
        [buildId, nvr, taskId],
        [build.id, build.nvr, build.extra.container_koji_task_id],
      );
      t.true(build.source.endsWith(`/${namespace}/${repository}#${commit}`), build.source);
      t.is(contents.component, `${repository}-container`);
      t.deepEqual(parent, { buildId: image.parent_build_id, nvr: last?.nvr ?? '' });
      t.is(Date.parse(contents.completedAt ?? ''), build.completion_ts * 1000);
    }
  },
);
