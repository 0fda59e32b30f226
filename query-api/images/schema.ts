import { pagingParameters } from '../paging.ts';
import * as is from '../shapes.ts';

const version = (description: string) => ({
  ...is.object({
    epoch: is.idOrNull,
    image: { ...is.textOrNull, description: 'NVR of the image that held it.' },
    rpm: is.text,
  }),
  description,
});

const rpm = is.object({
  first: version('What the first build that held it held.'),
  last: version('What the last build that held it held.'),
  lowest: version('The lowest version ever held.'),
  now: { ...is.flag, description: 'The newest build holds it.' },
  package: is.text,
  source: { ...is.text, description: 'The source package it is built from.' },
});

const newest = {
  ...is.object({
    arches: is.texts,
    build_id: is.id,
    completed_at: is.textOrNull,
    nvr: is.text,
    parent: { ...is.textOrNull, description: 'NVR of the image it was built FROM.' },
  }),
  type: ['object', 'null'],
  description: 'The newest build on record.',
};

const held = (nvr: string, image: string) => ({ epoch: null, image, rpm: nvr });

export const imageSchema = is.shape(
  'Image',
  'An image, its newest build, and what is asked of what it ever held.',
  {
    artifact: is.text,
    branch: { ...is.textOrNull, description: 'Empty where Koji does not tell.' },
    name: is.textOrNull,
    namespace: is.textOrNull,
    newest,
    rpms: {
      type: 'array',
      items: rpm,
      description: 'The packages that were asked for; none where none was.',
    },
    target: is.textOrNull,
  },
  {
    artifact: 'image:httpd:f28',
    branch: 'f28',
    name: 'httpd',
    namespace: 'container',
    newest: {
      arches: ['x86_64'],
      build_id: 1_084_600,
      completed_at: '2026-11-22T16:55:12Z',
      nvr: 'httpd-1-7',
      parent: 's2i-base-1-4',
    },
    rpms: [
      {
        first: held('openssl-libs-1.1.0h-3.fc28', 'httpd-1-5'),
        last: held('openssl-libs-1.1.1-1.fc28', 'httpd-1-7'),
        lowest: held('openssl-libs-1.1.0h-3.fc28', 'httpd-1-5'),
        now: true,
        package: 'openssl-libs',
        source: 'openssl',
      },
    ],
    target: 'f28-container-candidate',
  },
);

export const imageListSchema = is.pageOf('ImageList', 'A page of images.', 'Image');

const ourBuilds = {
  type: 'array',
  items: is.object({ id: is.id, state_name: is.text, url: is.text }),
} as const;

const composes = {
  type: 'array',
  items: is.object({ builds: is.texts, compose_id: is.id, event_id: is.id, url: is.text }),
  description:
    'Disposable repositories it was built with, and the signed builds these are made of.',
} as const;

export const imageBuildSchema = is.shape(
  'ImageBuild',
  'One build of an image, and all that it holds.',
  {
    arches: is.texts,
    artifact: is.text,
    branch: is.text,
    build_id: { ...is.id, description: 'Its number in Koji.' },
    commit: is.textOrNull,
    completed_at: is.textOrNull,
    component: is.text,
    composes,
    made_by: { ...ourBuilds, description: 'Our builds that it came from.' },
    name: is.text,
    namespace: is.text,
    nvr: is.text,
    packages: {
      type: 'array',
      items: is.object({ rpms: is.texts, source: is.text }),
      description: 'Its RPMs by source package, as name-[epoch:]version-release.',
    },
    parent: {
      ...is.object({ build_id: is.id, nvr: is.text }),
      type: ['object', 'null'],
      description: 'The image it was built FROM.',
    },
    rebuilt_by: { ...ourBuilds, description: 'Our builds that rebuild it.' },
    target: is.textOrNull,
    task_id: is.idOrNull,
  },
  {
    arches: ['x86_64'],
    artifact: 'image:httpd:f28',
    branch: 'f28',
    build_id: 1_084_600,
    commit: '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c',
    completed_at: '2026-11-22T16:55:12Z',
    component: 'httpd',
    composes: [
      {
        builds: ['openssl-1.1.1-1.fc28'],
        compose_id: 4242,
        event_id: 7,
        url: '/api/2/composes/4242',
      },
    ],
    made_by: [{ id: 12, state_name: 'DONE', url: '/api/1/builds/12' }],
    name: 'httpd',
    namespace: 'container',
    nvr: 'httpd-1-7.1542905712',
    packages: [{ rpms: ['openssl-libs-1:1.1.1-1.fc28'], source: 'openssl' }],
    parent: { build_id: 1_084_580, nvr: 's2i-base-1-4' },
    rebuilt_by: [],
    target: 'f28-container-candidate',
    task_id: 26_974_100,
  },
);

const heldWords = ['ever', 'now'] as const;

export type ImagesQuery = {
  readonly package?: ReadonlyArray<string>;
  readonly source?: ReadonlyArray<string>;
  readonly name?: ReadonlyArray<string>;
  readonly branch?: ReadonlyArray<string>;
  readonly nvr?: ReadonlyArray<string>;
  readonly held?: 'ever' | 'now';
  readonly page?: string;
  readonly per_page?: string;
};

export const imagesQuerySchema = {
  type: 'object',
  properties: {
    package: is.repeated(
      is.text,
      'Images that held an RPM of this name; with source, of both at once.',
      'openssl-libs',
    ),
    source: is.repeated(is.text, 'Images that held an RPM of this source package.', 'openssl'),
    held: {
      type: 'string',
      enum: heldWords,
      description:
        'With package or source: held by any build on record (ever, the default), or by the newest one (now).',
      examples: ['now'],
      'x-refusal': `Invalid value of held was supplied: {value}. Allowed are: ${heldWords.join(', ')}.`,
    },
    name: is.repeated(is.text, 'The exact name.', 'httpd'),
    branch: is.repeated(is.text, 'The exact branch.', 'f28'),
    nvr: is.repeated(is.text, 'The exact NVR of the newest build.', 'httpd-1-7'),
    ...pagingParameters,
  },
} as const;
